package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.Grid;
import org.headwise.model.llamagen.GridRope;
import org.headwise.model.llamagen.LlamaGenConfig;
import org.headwise.model.llamagen.LlamaGenGenerator;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.model.raster.RasterPlan;
import org.headwise.tensor.DType;
import org.headwise.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/** Kind {@code llamagen}: greedy generations from classes or padded text features, image by image. */
final class LlamaGenCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("llamagen");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        JsonNode settings = recorded.get("config");
        JsonNode inputs = recorded.get("inputs");
        int side = recorded.integer(inputs, "grid");
        LlamaGenConfig released = LlamaGenConfig.released();
        LlamaGenConfig config = new LlamaGenConfig(
                recorded.integer(settings, "n_head"),
                (float) recorded.number(settings, "norm_eps"),
                (float) recorded.number(settings, "rope_base"),
                new Grid(side, side),
                released.sampling(),
                released.transformer(),
                released.vae(),
                released.textEncoder());
        try (Checkpoint checkpoint = Checkpoints.open(recorded.file("weights"))) {
            LlamaGenGenerator generator = new LlamaGenGenerator(checkpoint, config, workshop.engine(), DType.F32);
            Run run = new Run(recorded, generator, config, recorded.integer(settings, "cls_token_num"), out);
            run.all((float) recorded.number(inputs, "cfg_scale"), conditions(recorded, generator));
        }
    }

    /** One per image, with pads left out. */
    private static List<Tensor> conditions(RecordedCase recorded, LlamaGenGenerator generator) {
        List<Tensor> conditions = new ArrayList<>();
        if (!generator.textConditional()) {
            for (int label : recorded.integers(recorded.get("inputs").path("labels"))) {
                conditions.add(generator.ofClasses(List.of(label), true));
            }
            return conditions;
        }
        Tensor features = recorded.tensor("cond_features").toTensor();
        int[] mask = recorded.tensor("cond_mask").toInts();
        int tokens = features.dim(1);
        int channels = features.dim(2);
        for (int image = 0; image < features.dim(0); image++) {
            int valid =
                    Arrays.stream(mask, image * tokens, (image + 1) * tokens).sum();
            int end = (image + 1) * tokens * channels;
            float[] text = Arrays.copyOfRange(features.data(), end - valid * channels, end);
            conditions.addAll(generator.ofTexts(List.of(Tensor.of(text, valid, channels)), true));
        }
        return conditions;
    }

    /** Puts the images together in the shapes in which they are recorded: conditional rows first. */
    private record Run(
            RecordedCase recorded, LlamaGenGenerator generator, LlamaGenConfig config, int padded, Comparison out) {
        void all(float guidance, List<Tensor> conditions) {
            int images = conditions.size();
            int steps = config.image().tokens();
            int codes = generator.codes();
            int[] expected = recorded.tensor("tokens").toInts();
            if (expected.length != images * steps) {
                throw recorded.refuse("records " + expected.length + " tokens for " + images + " images of " + steps);
            }
            float[][] logits = new float[3][steps * images * codes];
            float[] attention = recorded.hasTensor("attn")
                    ? new float[Math.toIntExact(recorded.tensor("attn").elements())]
                    : new float[0];
            int[] tokens = new int[images * steps];
            for (int image = 0; image < images; image++) {
                int at = image;
                List<int[]> forced = new ArrayList<>();
                for (int step = 0; step < steps; step++) {
                    forced.add(new int[] {expected[image * steps + step]});
                }
                RasterPlan plan =
                        new RasterPlan(config.image(), true, List.of(guidance), List.of(1f), 1, 0, forced, true);
                RasterOutcome outcome;
                int[] step = {0};
                try (FullCache cache = new FullCache()) {
                    outcome = generator.generate(
                            List.of(conditions.get(image)),
                            plan,
                            List.of(0L),
                            cache,
                            observer(attention, at, images),
                            (name, x) -> {
                                if (name.endsWith(".logits")) {
                                    int to = (step[0]++ * images + at) * codes;
                                    System.arraycopy(x.data(), 0, logits[0], to, codes);
                                    System.arraycopy(x.data(), codes, logits[1], to, codes);
                                }
                            });
                }
                for (int t = 0; t < steps; t++) {
                    System.arraycopy(outcome.logits().get(t), 0, logits[2], (t * images + image) * codes, codes);
                    tokens[image * steps + t] = outcome.ids().get(t)[0];
                }
            }
            out.close(recorded.tensor("tokens"), tokens, Tolerance.EXACT);
            compare("logits_cond", logits[0], "logits_cond", "logits");
            compare("logits_uncond", logits[1], "logits_uncond", "logits");
            compare("logits_combined", logits[2], "logits_combined", "logits");
            compare("attn", attention, "attn");
            if (recorded.hasTensor("freqs_cis")) {
                GridRope rope = new GridRope(
                        padded,
                        config.image(),
                        generator.geometry(config.image()).headDim(),
                        config.theta());
                compare("freqs_cis", rope.table(), "freqs_cis", "attn");
            }
        }

        private AttentionObserver observer(float[] attention, int image, int images) {
            return block -> {
                int heads = block.geometry().heads();
                int hidden = padded - block.geometry().promptTokens();
                int row = (block.guidance() == Guidance.CONDITIONAL ? 0 : images) + image;
                int columns = padded + config.image().tokens() - 1;
                int q = block.queries() - 1;
                boolean last = block.step() > 0
                        || block.firstQuery() + q == block.geometry().promptTokens() - 1;
                int of = ((block.step() * block.geometry().layers() + block.layer()) * 2 * images + row) * heads;
                int to = (of + block.head()) * columns + hidden;
                if (last && to + block.keys() <= attention.length) {
                    System.arraycopy(block.probabilities(), q * block.stride(), attention, to, block.keys());
                }
            };
        }

        private void compare(String name, float[] got, String... tolerances) {
            if (recorded.hasTensor(name)) {
                StoredTensor expected = recorded.tensor(name);
                out.close(expected, got, recorded.tolerance(tolerances));
            }
        }
    }
}
