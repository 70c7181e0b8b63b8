package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.analysis.ScaleHeat;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Tensor;

/** Kind {@code unit}, heat summed from given attention probabilities; the unconditional row must not count. */
final class ScasAccumulatorCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit") && recorded.hasTensor("p0.s0.l0") && recorded.hasTensor("scores");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        List<Grid> schedule = recorded.grids("scale_schedule");
        int layers = recorded.integer("layers");
        int heads = recorded.integer("heads");
        if (layers < 1 || heads < 1) {
            throw recorded.refuse("has " + layers + " layers of " + heads + " heads");
        }
        Geometry geometry = new Geometry("infinity", layers, heads, heads, 1, schedule);
        ScaleHeat heat = new ScaleHeat(geometry);
        for (int prompt = 0; prompt < recorded.integer("num_prompts"); prompt++) {
            for (int step = 0; step < schedule.size(); step++) {
                for (int layer = 0; layer < layers; layer++) {
                    feed(recorded, heat, "p" + prompt + ".s" + step + ".l" + layer, step, layer);
                }
            }
        }
        int sinkScales = recorded.integer("sink_scales");
        if (recorded.hasTensor("accum")) {
            out.close(recorded.tensor("accum"), heat.accumulated(sinkScales), recorded.tolerance("accum", "scores"));
        }
        HeatScores.compare(recorded, heat, sinkScales, out);
    }

    private static void feed(RecordedCase recorded, ScaleHeat heat, String name, int step, int layer) {
        Geometry geometry = heat.geometry();
        Tensor rows = recorded.tensor(name).toTensor();
        int queries = geometry.tokens(step);
        int keys = geometry.firstToken(step + 1);
        if (!Arrays.equals(rows.shape(), new int[] {2, geometry.heads(), queries, keys})) {
            throw recorded.refuse("tensor " + name + " is " + rows + ", expected [2, " + geometry.heads() + ", "
                    + queries + ", " + keys + "]");
        }
        List<KeyRun> runs = new ArrayList<>();
        for (int source = 0; source <= step; source++) {
            runs.add(new KeyRun(source, 0, geometry.tokens(source)));
        }
        for (Guidance guidance : Guidance.values()) {
            for (int head = 0; head < geometry.heads() && heat.wants(guidance); head++) {
                int from = (guidance.ordinal() * geometry.heads() + head) * queries * keys;
                float[] part = Arrays.copyOfRange(rows.data(), from, from + queries * keys);
                heat.observe(new AttentionBlock(
                        geometry, 0, guidance, layer, head, step, 0, queries, keys, runs, part, keys));
            }
        }
    }
}
