package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.model.Grid;
import org.headwise.model.image.VqDecoder;
import org.headwise.model.janus.JanusConfig;
import org.headwise.model.janus.JanusGenerator;
import org.headwise.model.janus.JanusModel;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.model.raster.RasterPlan;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/**
 * Replays a recorded generation of Janus: once free, for the tokens, and, where one of them flips because two logits are
 * so near that rounding decides, once more with the recorded tokens forced, so that all steps are judged.
 */
final class JanusReplay {
    private final RecordedCase recorded;
    private final Checkpoint checkpoint;
    private final Engine engine;
    private final Comparison out;
    private final JanusGenerator generator;
    private final List<int[]> prompts;
    private final int pad;
    private final Grid grid;
    private final float guidance;

    JanusReplay(RecordedCase recorded, Checkpoint checkpoint, Engine engine, Comparison out) {
        this.recorded = recorded;
        this.checkpoint = checkpoint;
        this.engine = engine;
        this.out = out;
        this.generator = new JanusGenerator(checkpoint, JanusConfig.read(recorded.file("config")), engine, DType.F32);
        JsonNode inputs = recorded.get("inputs");
        this.pad = recorded.integer(inputs, "pad_id");
        this.grid = new Grid(recorded.integer(inputs, "grid_h"), recorded.integer(inputs, "grid_w"));
        this.guidance = (float) recorded.number(inputs, "cfg_weight");
        this.prompts = new ArrayList<>();
        for (JsonNode prompt : inputs.path("prompts")) {
            prompts.add(recorded.integers(prompt).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
        }
        if (prompts.isEmpty()) {
            throw recorded.refuse("there are no prompts");
        }
    }

    void compare() {
        List<int[]> rows = JanusGenerator.rows(prompts, pad, true);
        out.close(
                recorded.tensor("prompt_rows"),
                rows.stream().flatMapToInt(java.util.Arrays::stream).toArray(),
                Tolerance.EXACT);
        int[] expected = recorded.tensor("tokens").toInts();
        if (expected.length != prompts.size() * grid.tokens()) {
            throw recorded.refuse(
                    "records " + expected.length + " tokens for " + prompts.size() + " images of " + grid.tokens());
        }
        JanusTrace trace = new JanusTrace(recorded, rows.size(), grid.tokens(), prompts.getFirst().length);
        RasterOutcome outcome = run(List.of(), trace);
        if (flips(expected, outcome)) {
            trace = new JanusTrace(recorded, rows.size(), grid.tokens(), prompts.getFirst().length);
            outcome = run(bySteps(expected), trace);
        }
        trace.compare(out);
        if (recorded.hasTensor("logits_combined")) {
            out.close(
                    recorded.tensor("logits_combined"),
                    JanusTrace.joined(outcome.logits()),
                    recorded.tolerance("logits_combined", "logits"));
        }
        compareImages(outcome.used());
    }

    private RasterOutcome run(List<int[]> forced, JanusTrace trace) {
        RasterPlan plan = new RasterPlan(grid, true, List.of(guidance), List.of(1f), 1, 0, forced, true);
        try (FullCache cache = new FullCache()) {
            return generator.generate(prompts, pad, plan, Collections.nCopies(prompts.size(), 0L), cache, trace, trace);
        }
    }

    private List<int[]> bySteps(int[] tokens) {
        List<int[]> steps = new ArrayList<>();
        for (int step = 0; step < grid.tokens(); step++) {
            int[] ids = new int[prompts.size()];
            for (int image = 0; image < ids.length; image++) {
                ids[image] = tokens[image * grid.tokens() + step];
            }
            steps.add(ids);
        }
        return steps;
    }

    /** Whether any token differs; the first of an image must be one that rounding can decide, else the case fails. */
    private boolean flips(int[] expected, RasterOutcome outcome) {
        boolean flipped = false;
        for (int image = 0; image < prompts.size(); image++) {
            for (int step = 0; step < grid.tokens(); step++) {
                int at = image * grid.tokens() + step;
                if (expected[at] != outcome.used()[at]) {
                    flipped = true;
                    judge(image, step, expected[at], outcome);
                    break;
                }
            }
        }
        if (!flipped) {
            out.equal("the number of tokens", expected.length, outcome.used().length);
        }
        return flipped;
    }

    private void judge(int image, int step, int expected, RasterOutcome outcome) {
        int got = outcome.ids().get(step)[image];
        float[] logits = outcome.logits().get(step);
        int at = image * generator.codes();
        double margin = logits[at + got] - (double) logits[at + expected];
        String what = "tokens: image " + image + ", step " + step + " chose " + got + ", recorded is " + expected;
        if (margin < 2 * recorded.tolerance("logits_combined", "logits").allowed(logits[at + got])) {
            out.note(what + ", where rounding decides; later steps follow the recorded tokens");
        } else {
            out.fail(what + " with a logit that is lower by " + margin);
        }
    }

    private void compareImages(int[] ids) {
        if (!recorded.hasTensor("image") && !recorded.hasTensor("image_u8")) {
            return;
        }
        Tensor images = new VqDecoder(checkpoint, JanusModel.IMAGE_TOKENIZER, engine).decode(ids, grid, null);
        JanusTrace.compareImages(recorded, images, out);
    }
}
