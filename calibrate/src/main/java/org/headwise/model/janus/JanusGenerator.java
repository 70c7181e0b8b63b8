package org.headwise.model.janus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.BatchRow;
import org.headwise.attention.Guidance;
import org.headwise.attention.KvCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.files.InputRefused;
import org.headwise.model.ForwardProbe;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.Sampler;
import org.headwise.model.janus.JanusTransformer.Pass;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * The token loop of Janus: ids of prompts in, ids of image tokens out. With guidance every image has two batch rows, 2i
 * for the prompt and 2i + 1 for its unconditional twin, whose pads are attended like any other token.
 */
public final class JanusGenerator {
    /**
     * How to make images; lists of one value stand for all steps.
     *
     * @param image token grid of the images
     * @param guided whether there are unconditional rows; without them, guidance must be 1
     */
    public record Plan(
            Grid image,
            boolean guided,
            List<Float> guidance,
            List<Float> temperature,
            int topK,
            float topP,
            List<int[]> forced,
            boolean keepLogits) {
        private static float at(List<Float> values, int step) {
            return values.size() == 1 ? values.getFirst() : values.get(step);
        }
    }

    /**
     * What was made.
     *
     * @param ids per step [batch]; the sampled ones, also where others were forced
     * @param logits per step [batch, codes] after guidance and temperature, when asked for
     * @param used [batch, tokens of the image]: what the image decoder receives
     */
    public record Outcome(List<int[]> ids, List<float[]> logits, int[] used, long attentionNanos) {}

    private final JanusWeights weights;
    private final JanusConfig config;
    private final Engine engine;
    private final AttentionEngine attention;

    /** @param checkpoint must stay open as long as this generator is used */
    public JanusGenerator(Checkpoint checkpoint, JanusConfig config, Engine engine, DType storage) {
        this.weights = new JanusWeights(checkpoint, config, engine, storage);
        this.config = config;
        this.engine = engine;
        this.attention = new AttentionEngine(engine);
    }

    /** The geometry of this model for images of a grid, whatever the prompt. */
    public Geometry geometry(Grid image) {
        return Geometry.raster("janus", config.layers(), config.heads(), config.kvHeads(), config.headDim(), image);
    }

    /** How many values an image token can take. */
    public int codes() {
        return weights.codes;
    }

    /** The batch rows of prompts: each prompt and, if guided, its twin with {@code pad} for all but its first and last id. */
    public static List<int[]> rows(List<int[]> prompts, int pad, boolean guided) {
        List<int[]> rows = new ArrayList<>();
        for (int[] prompt : prompts) {
            rows.add(prompt);
            if (guided) {
                int[] twin = prompt.clone();
                for (int i = 1; i < twin.length - 1; i++) {
                    twin[i] = pad;
                }
                rows.add(twin);
            }
        }
        return rows;
    }

    /**
     * Generates one image per prompt.
     *
     * @param prompts ids of each prompt, all of one length, from begin of text to begin of image
     * @param seeds one per prompt
     * @param observer may be null
     * @param probe sees {@code stepT.hidden} [rows, width] and {@code stepT.logits} [rows, codes] before guidance; may be
     *     null
     */
    public Outcome generate(
            List<int[]> prompts,
            int pad,
            Plan plan,
            List<Long> seeds,
            KvCache cache,
            AttentionObserver observer,
            ForwardProbe probe) {
        check(prompts, pad, plan);
        int batch = prompts.size();
        List<int[]> rows = rows(prompts, pad, plan.guided());
        Geometry geometry = geometry(plan.image()).withPrompt(prompts.getFirst().length);
        Pass pass = new Pass(
                geometry,
                new Rope(geometry.totalTokens(), config.headDim(), config.theta()),
                batchRows(batch, plan.guided()),
                cache,
                observer);
        cache.begin(geometry, rows.size());
        JanusTransformer transformer = new JanusTransformer(weights, config, engine, attention);
        Sampler sampler = new Sampler(plan.topK(), plan.topP());
        List<SplittableRandom> randoms =
                seeds.stream().map(SplittableRandom::new).toList();
        int steps = plan.image().tokens();
        int[] used = new int[batch * steps];
        List<int[]> ids = new ArrayList<>();
        List<float[]> kept = new ArrayList<>();
        Tensor x = transformer.embedText(rows);
        for (int step = 0; step < steps; step++) {
            Tensor hidden = transformer.step(pass, step, x);
            Tensor logits = transformer.head(hidden);
            if (probe != null) {
                probe.see("step" + step + ".hidden", hidden);
                probe.see("step" + step + ".logits", logits);
            }
            float[] mixed = mix(logits.data(), plan, step);
            if (plan.keepLogits()) {
                kept.add(mixed.clone());
            }
            int[] sampled = sample(mixed, sampler, randoms);
            ids.add(sampled);
            int[] next = step < plan.forced().size() ? plan.forced().get(step) : sampled;
            for (int image = 0; image < batch; image++) {
                used[image * steps + step] = next[image];
            }
            if (step < steps - 1) {
                x = transformer.embedImage(perRow(next, rows.size() / batch));
            }
        }
        return new Outcome(ids, kept, used, transformer.attentionNanos());
    }

    private static List<BatchRow> batchRows(int batch, boolean guided) {
        List<BatchRow> rows = new ArrayList<>();
        for (int image = 0; image < batch; image++) {
            rows.add(new BatchRow(image, Guidance.CONDITIONAL));
            if (guided) {
                rows.add(new BatchRow(image, Guidance.UNCONDITIONAL));
            }
        }
        return rows;
    }

    private static int[] perRow(int[] ids, int rowsAnImage) {
        int[] out = new int[ids.length * rowsAnImage];
        for (int row = 0; row < out.length; row++) {
            out[row] = ids[row / rowsAnImage];
        }
        return out;
    }

    /** unconditional + guidance * (conditional - unconditional), divided by the temperature, [batch, codes]. */
    private float[] mix(float[] logits, Plan plan, int step) {
        int codes = weights.codes;
        float guidance = Plan.at(plan.guidance(), step);
        float temperature = Plan.at(plan.temperature(), step);
        float[] mixed = new float[plan.guided() ? logits.length / 2 : logits.length];
        for (int i = 0; i < mixed.length; i++) {
            float logit = logits[i];
            if (plan.guided()) {
                int conditional = i / codes * 2 * codes + i % codes;
                float base = logits[conditional + codes];
                logit = base + guidance * (logits[conditional] - base);
            }
            mixed[i] = logit / temperature;
        }
        return mixed;
    }

    private int[] sample(float[] logits, Sampler sampler, List<SplittableRandom> randoms) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new InputRefused("the model's logits are not finite, so its weights are not");
            }
        }
        int[] ids = new int[randoms.size()];
        for (int image = 0; image < ids.length; image++) {
            ids[image] = sampler.sample(logits, image * weights.codes, weights.codes, randoms.get(image));
        }
        return ids;
    }

    private void check(List<int[]> prompts, int pad, Plan plan) {
        int steps = plan.image().tokens();
        checkCount("guidance", plan.guidance().size(), steps);
        checkCount("temperature", plan.temperature().size(), steps);
        int length = prompts.getFirst().length;
        long vocabulary = weights.textTokens.shape()[0];
        for (int[] prompt : prompts) {
            if (prompt.length != length || length == 0) {
                throw new InputRefused("the prompts of a batch have " + length + " and " + prompt.length
                        + " tokens; they need the same number, so put them into batches by their length");
            }
            for (int id : prompt) {
                checkId(id, vocabulary);
            }
        }
        checkId(pad, vocabulary);
        for (int step = 0; step < plan.forced().size(); step++) {
            int[] forced = plan.forced().get(step);
            if (step >= steps || forced.length != prompts.size()) {
                throw new InputRefused("step " + step + ": " + forced.length + " ids are forced for " + prompts.size()
                        + " images of " + steps + " tokens");
            }
            for (int id : forced) {
                if (id < 0 || id >= weights.codes) {
                    throw new InputRefused("step " + step + ": the forced id " + id + " is none of the " + weights.codes
                            + " image codes");
                }
            }
        }
    }

    private static void checkId(int id, long vocabulary) {
        if (id < 0 || id >= vocabulary) {
            throw new InputRefused("the tokenizer gives id " + id + ", but the model has embeddings of " + vocabulary
                    + " text tokens; the tokenizer is another model's");
        }
    }

    private static void checkCount(String what, int given, int steps) {
        if (given != 1 && given != steps) {
            throw new InputRefused(
                    given + " values of " + what + " for " + steps + " steps; give one, or one per step");
        }
    }
}
