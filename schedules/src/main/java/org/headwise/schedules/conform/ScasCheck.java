package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import org.headwise.analysis.ScaleHeat;
import org.headwise.attention.FullCache;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityGenerator;
import org.headwise.model.infinity.InfinityGenerator.Outcome;
import org.headwise.model.infinity.InfinityGenerator.Plan;

/** Kind {@code scas}: HeatKV's calibration: heat summed prompt by prompt, scores, orders. */
final class ScasCheck implements CaseCheck {
    /** Two logits nearer than this may change places by rounding; recorded cases of other kinds state the same. */
    private static final double DECIDED = 1e-3;

    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("scas");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        InfinityGenerator generator = workshop.transformer(recorded);
        List<Grid> schedule = recorded.grids("scale_schedule");
        Geometry geometry = generator.geometry(schedule);
        int sinkScales = recorded.integer("sink_scales");
        if (sinkScales < 0 || sinkScales >= schedule.size()) {
            throw recorded.refuse("sink_scales is " + sinkScales + " of " + schedule.size() + " scales");
        }
        ScaleHeat heat = new ScaleHeat(geometry);
        for (int prompt = 0; prompt < recorded.integer("num_prompts"); prompt++) {
            observe(recorded, generator, schedule, heat, prompt, out);
            String sums = "accum_after_prompt" + prompt;
            if (recorded.hasTensor(sums)) {
                out.close(recorded.tensor(sums), heat.accumulated(sinkScales), recorded.tolerance("accum", "scores"));
            }
        }
        HeatScores.compare(recorded, heat, sinkScales, out);
    }

    /** Runs one prompt along its recorded bits. */
    private static void observe(
            RecordedCase recorded,
            InfinityGenerator generator,
            List<Grid> schedule,
            ScaleHeat heat,
            int prompt,
            Comparison out) {
        Geometry geometry = heat.geometry();
        int[] bits = recorded.tensor("prompt" + prompt + ".bits").toInts();
        int width = generator.bitsPerToken();
        if (bits.length != geometry.totalTokens() * width) {
            throw recorded.refuse("tensor prompt" + prompt + ".bits does not hold " + width + " bits for each of "
                    + geometry.totalTokens() + " tokens");
        }
        List<int[]> forced = new ArrayList<>();
        for (int scale = 0; scale < schedule.size(); scale++) {
            forced.add(RecordedBits.slice(bits, 1, geometry.firstToken(scale), geometry.tokens(scale), width));
        }
        Plan plan = new Plan(
                schedule,
                Workshop.largest(recorded, schedule),
                List.of((float) recorded.number("cfg")),
                List.of((float) recorded.number("tau")),
                List.of(0),
                1,
                0,
                forced,
                true,
                false);
        try (FullCache cache = new FullCache()) {
            Outcome outcome = generator.generate(
                    TextInputs.read(recorded, "prompt" + prompt), null, plan, List.of(0L), cache, heat, null);
            if (recorded.integer("top_k", 1) == 1) {
                bits(outcome, forced, "prompt" + prompt + ".bits", out);
            }
        }
    }

    private static void bits(Outcome outcome, List<int[]> expected, String name, Comparison out) {
        int wrong = 0;
        for (int scale = 0; scale < expected.size(); scale++) {
            float[] logits = outcome.logits().get(scale);
            for (int i = 0; i < expected.get(scale).length; i++) {
                boolean clear = Math.abs(logits[2 * i + 1] - logits[2 * i]) >= DECIDED;
                wrong += clear && expected.get(scale)[i] != outcome.bits().get(scale)[i] ? 1 : 0;
            }
        }
        out.equal("the number of bits in " + name + " that differ where the logits are clearly apart", 0, wrong);
    }
}
