package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.image.TokenLayout;
import org.headwise.model.infinity.BsqQuantizer;
import org.headwise.model.infinity.InfinityGenerator;
import org.headwise.model.infinity.InfinityGenerator.Outcome;
import org.headwise.model.infinity.InfinityGenerator.Plan;
import org.headwise.model.infinity.TextFeatures;
import org.headwise.tensor.Tensor;

/** Kind {@code unit}, the training-style forward over a quantised latent, which the cached loop must equal. */
final class TeacherForcedCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit")
                && recorded.hasTensor("latent")
                && recorded.hasTensor("bits")
                && recorded.hasTensor("text.kv_compact");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        boolean patchify = workshop.config(recorded).patchify();
        InfinityGenerator generator = workshop.transformer(recorded);
        List<Grid> schedule = recorded.grids("scale_schedule");
        Geometry geometry = generator.geometry(schedule);
        List<Grid> cells = patchify
                ? schedule.stream()
                        .map(g -> new Grid(2 * g.height(), 2 * g.width()))
                        .toList()
                : schedule;
        BsqQuantizer quantizer = new BsqQuantizer(workshop.engine());
        Tensor latent = recorded.tensor("latent").toTensor();
        List<Tensor> quantised = quantizer.encode(latent, cells).bits();
        StoredTensor stored = recorded.tensor("bits");
        int[] bits = stored.toInts();
        int batch = (int) stored.shape()[0];
        int width = generator.bitsPerToken();
        if (bits.length != batch * geometry.totalTokens() * width) {
            throw recorded.refuse(
                    "tensor bits does not hold " + width + " bits for " + geometry.totalTokens() + " tokens");
        }
        List<int[]> forced = new ArrayList<>();
        Tensor summed = Tensor.zeros(latent.shape());
        for (int scale = 0; scale < schedule.size(); scale++) {
            int[] used = RecordedBits.slice(bits, batch, geometry.firstToken(scale), geometry.tokens(scale), width);
            forced.add(used);
            Tensor got = tokens(quantised.get(scale), patchify);
            out.close(
                    "bits of scale " + scale, wide(used), wide(got.data()), new long[] {used.length}, Tolerance.EXACT);
            quantizer.addCodes(summed, quantizer.codes(planes(used, batch, schedule.get(scale), patchify)));
            if (scale + 1 < schedule.size() && recorded.hasTensor("x_BLC_wo_prefix")) {
                Tensor next = tokens(quantizer.resize(summed, cells.get(scale + 1)), patchify);
                nextInput(recorded, geometry, scale + 1, next, out);
            }
        }
        logits(recorded, generator, schedule, forced, out);
    }

    private static void nextInput(RecordedCase recorded, Geometry geometry, int scale, Tensor got, Comparison out) {
        StoredTensor all = recorded.tensor("x_BLC_wo_prefix");
        int width = got.dim(2);
        int batch = got.dim(0);
        float[] values = all.toFloats();
        int perImage = values.length / batch;
        int from = (geometry.firstToken(scale) - 1) * width;
        float[] expected = new float[got.size()];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(
                    values,
                    b * perImage + from,
                    expected,
                    b * geometry.tokens(scale) * width,
                    geometry.tokens(scale) * width);
        }
        long[] shape = {batch, geometry.tokens(scale), width};
        out.close("input of scale " + scale, wide(expected), wide(got.data()), shape, recorded.tolerance("x"));
    }

    private static void logits(
            RecordedCase recorded,
            InfinityGenerator generator,
            List<Grid> schedule,
            List<int[]> forced,
            Comparison out) {
        TextFeatures text = TextInputs.read(recorded, "text");
        Plan plan = new Plan(
                schedule,
                Workshop.largest(recorded, schedule),
                List.of(1f),
                List.of(1f),
                List.of(0),
                1,
                0,
                forced,
                true,
                false);
        try (FullCache cache = new FullCache()) {
            Outcome outcome =
                    generator.generate(text, null, plan, Collections.nCopies(text.texts(), 0L), cache, null, null);
            StoredTensor expected = recorded.tensor("logits");
            float[] got = new float[Math.toIntExact(expected.elements())];
            int perImage = got.length / text.texts();
            int at = 0;
            for (float[] scale : outcome.logits()) {
                int part = scale.length / text.texts();
                for (int b = 0; b < text.texts(); b++) {
                    System.arraycopy(scale, b * part, got, b * perImage + at, part);
                }
                at += part;
            }
            out.close(expected, got, recorded.tolerance("logits"));
        }
    }

    private static Tensor tokens(Tensor planes, boolean patchify) {
        return TokenLayout.toTokens(patchify ? TokenLayout.unshuffle(planes) : planes);
    }

    private static Tensor planes(int[] bits, int batch, Grid grid, boolean patchify) {
        float[] values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = bits[i];
        }
        Tensor planes = TokenLayout.toPlanes(
                Tensor.of(values, batch, grid.tokens(), bits.length / batch / grid.tokens()), grid);
        return patchify ? TokenLayout.shuffle(planes) : planes;
    }

    private static double[] wide(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }

    private static double[] wide(float[] values) {
        double[] out = new double[values.length];
        Arrays.setAll(out, i -> values[i]);
        return out;
    }
}
