package org.headwise.schedules.conform;

import java.util.Arrays;
import java.util.List;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.Grid;
import org.headwise.model.infinity.BsqQuantizer;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/** Kind {@code unit}, the residual quantizer: latent to bits, bits to codes, codes to the next scale's input. */
final class QuantizerCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit")
                && recorded.has("subcases")
                && recorded.tensorNames().stream().anyMatch(name -> name.endsWith(".latent"));
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        BsqQuantizer quantizer = new BsqQuantizer(workshop.engine());
        for (JsonNode part : recorded.get("subcases")) {
            String name = part.path("name").asString("");
            List<Grid> schedule = recorded.grids(part.path("scale_schedule"), name + ".scale_schedule");
            encode(recorded, part, name, schedule, quantizer, out);
            nextInputs(recorded, name, schedule, quantizer, workshop.engine(), out);
        }
        if (recorded.hasTensor("codes.bits")) {
            Tensor codes = quantizer.codes(RecordedBits.planes(recorded, recorded.tensor("codes.bits")));
            out.close(recorded.tensor("codes.codes"), codes.data(), recorded.tolerance("codes"));
        }
    }

    private static void encode(
            RecordedCase recorded,
            JsonNode part,
            String name,
            List<Grid> schedule,
            BsqQuantizer quantizer,
            Comparison out) {
        BsqQuantizer.Encoded encoded =
                quantizer.encode(recorded.tensor(name + ".latent").toTensor(), schedule);
        double decided = Tolerance.bound(recorded.json().path("tolerance").path("bits"));
        boolean near = part.path("min_abs_residual").asDouble(Double.MAX_VALUE) <= decided;
        for (int scale = 0; scale < schedule.size(); scale++) {
            StoredTensor bits = recorded.tensor(name + ".bits" + scale);
            float[] expected = RecordedBits.planes(recorded, bits).data();
            float[] got = encoded.bits().get(scale).data();
            if (near && !Arrays.equals(expected, got)) {
                out.note(bits.name() + " differs where a residual is below " + decided
                        + "; later scales are not judged");
                return;
            }
            out.close(bits.name(), wide(expected), wide(got), new long[] {expected.length}, Tolerance.EXACT);
        }
        out.close(recorded.tensor(name + ".summed_codes"), encoded.summed().data(), recorded.tolerance("codes"));
    }

    /** Inputs of every next scale, from the recorded bits, by both rules of resizing. */
    private static void nextInputs(
            RecordedCase recorded,
            String name,
            List<Grid> schedule,
            BsqQuantizer quantizer,
            Engine engine,
            Comparison out) {
        Tensor summed =
                Tensor.zeros(recorded.tensor(name + ".latent").toTensor().shape());
        for (int scale = 1; scale < schedule.size(); scale++) {
            StoredTensor bits = recorded.tensor(name + ".bits" + (scale - 1));
            quantizer.addCodes(summed, quantizer.codes(RecordedBits.planes(recorded, bits)));
            Grid grid = schedule.get(scale);
            if (recorded.hasTensor(name + ".next_trilinear" + scale)) {
                StoredTensor expected = recorded.tensor(name + ".next_trilinear" + scale);
                out.close(expected, first(quantizer.resize(summed, grid)), recorded.tolerance("codes"));
            }
            if (recorded.hasTensor(name + ".next_area" + scale)) {
                StoredTensor expected = recorded.tensor(name + ".next_area" + scale);
                Tensor area = engine.resizeArea(summed, grid.height(), grid.width());
                out.close(expected, first(area), recorded.tolerance("codes"));
            }
        }
    }

    private static float[] first(Tensor batch) {
        return Arrays.copyOf(batch.data(), batch.size() / batch.dim(0));
    }

    private static double[] wide(float[] values) {
        double[] out = new double[values.length];
        Arrays.setAll(out, i -> values[i]);
        return out;
    }
}
