package org.headwise.schedules.conform;

import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.model.image.VqDecoder;
import org.headwise.model.janus.JanusModel;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * Replays a recorded generation of Janus: once free, for the tokens, and, where one of them flips because two logits are
 * so near that rounding decides, once more with the recorded tokens forced, so that all steps are judged.
 */
final class JanusReplay {
    private final RecordedCase recorded;
    private final Checkpoint checkpoint;
    private final Engine engine;
    private final Comparison out;
    private final JanusRun run;

    JanusReplay(RecordedCase recorded, Checkpoint checkpoint, Engine engine, Comparison out) {
        this.recorded = recorded;
        this.checkpoint = checkpoint;
        this.engine = engine;
        this.out = out;
        this.run = JanusRun.of(recorded, checkpoint, engine);
    }

    void compare() {
        List<int[]> rows = run.rows();
        out.close(
                recorded.tensor("prompt_rows"),
                rows.stream().flatMapToInt(java.util.Arrays::stream).toArray(),
                Tolerance.EXACT);
        int[] expected = recorded.tensor("tokens").toInts();
        if (expected.length != run.prompts().size() * run.grid().tokens()) {
            throw recorded.refuse("records " + expected.length + " tokens for "
                    + run.prompts().size() + " images of " + run.grid().tokens());
        }
        JanusTrace trace = new JanusTrace(recorded, rows.size(), run.grid().tokens(), run.promptTokens());
        RasterOutcome outcome = generate(List.of(), trace);
        if (flips(expected, outcome)) {
            trace = new JanusTrace(recorded, rows.size(), run.grid().tokens(), run.promptTokens());
            outcome = generate(run.bySteps(expected), trace);
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

    private RasterOutcome generate(List<int[]> forced, JanusTrace trace) {
        try (FullCache cache = new FullCache()) {
            return run.generate(forced, cache, trace, trace);
        }
    }

    /** Whether any token differs; the first of an image must be one that rounding can decide, else the case fails. */
    private boolean flips(int[] expected, RasterOutcome outcome) {
        boolean flipped = false;
        for (int image = 0; image < run.prompts().size(); image++) {
            for (int step = 0; step < run.grid().tokens(); step++) {
                int at = image * run.grid().tokens() + step;
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
        int at = image * run.generator().codes();
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
        Tensor images = new VqDecoder(checkpoint, JanusModel.IMAGE_TOKENIZER, engine).decode(ids, run.grid(), null);
        JanusTrace.compareImages(recorded, images, out);
    }
}
