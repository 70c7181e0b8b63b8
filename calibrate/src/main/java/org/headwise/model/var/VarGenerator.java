package org.headwise.model.var;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
import org.headwise.model.image.TokenLayout;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Tensor;

/**
 * The next-scale loop of VAR (autoregressive_infer_cfg): classes in, token ids and summed codes out. Guidance grows with
 * the scales: g at the last of S scales is 1 + (g - 1) * i / (S - 1) at scale i, so upstream's cfg is g - 1, and 1 means
 * none.
 */
public final class VarGenerator {
    /** How to make images; one value of guidance and temperature for all scales. */
    public record Plan(
            float guidance, float temperature, int topK, float topP, List<int[]> forced, boolean keepLogits) {}

    /**
     * What was made.
     *
     * @param ids per scale [batch, tokens]; the sampled ones, also where others were forced
     * @param logits per scale [batch, tokens, codes] after guidance and temperature, when asked for
     * @param summed [batch, channels, side, side]: what the image decoder receives
     */
    public record Outcome(List<int[]> ids, List<float[]> logits, Tensor summed, long attentionNanos) {}

    private final VarWeights weights;
    private final VarConfig config;
    private final VarTokenizer tokenizer;
    private final Engine engine;

    public VarGenerator(Checkpoint file, VarTokenizer tokenizer, VarConfig config, Engine engine, DType storage) {
        this.weights = new VarWeights(file, config, engine, storage);
        this.config = config;
        this.tokenizer = tokenizer;
        this.engine = engine;
        if (tokenizer.codes() != weights.codes || tokenizer.channels() != weights.channels) {
            throw new InputRefused(file.origin() + ": the transformer has " + weights.codes + " codes of "
                    + weights.channels + " numbers, the image tokenizer " + tokenizer.codes() + " of "
                    + tokenizer.channels());
        }
    }

    public Geometry geometry() {
        return new Geometry(
                "var",
                weights.blocks.size(),
                weights.heads,
                weights.heads,
                weights.width / weights.heads,
                config.scales().stream().map(side -> new Grid(side, side)).toList());
    }

    public int codes() {
        return weights.codes;
    }

    /**
     * Generates one image per class.
     *
     * @param seeds one per class
     * @param observer may be null
     * @param probe sees {@code scaleI.logits} [rows, tokens, codes] before guidance, conditional rows first, then
     *     {@code scaleI.sum} and {@code scaleI.next}; may be null
     */
    public Outcome generate(
            List<Integer> labels,
            Plan plan,
            List<Long> seeds,
            KvCache cache,
            AttentionObserver observer,
            ForwardProbe probe) {
        int batch = labels.size();
        int scales = config.scales().size();
        int rows = plan.guidance() == 1 ? batch : 2 * batch;
        check(labels, plan);
        Tensor condition = condition(labels, rows);
        Tensor active = condition.copy();
        engine.silu(active);
        VarTransformer transformer = new VarTransformer(weights, engine);
        VarTransformer.Pass pass = new VarTransformer.Pass(geometry(), active, batchRows(batch, rows), cache, observer);
        cache.begin(pass.geometry(), rows);
        int last = config.scales().getLast();
        Tensor summed = Tensor.zeros(batch, weights.channels, last, last);
        Sampler sampler = new Sampler(plan.topK(), plan.topP());
        List<SplittableRandom> randoms =
                seeds.stream().map(SplittableRandom::new).toList();
        List<int[]> ids = new ArrayList<>();
        List<float[]> kept = new ArrayList<>();
        Tensor x = first(condition);
        for (int scale = 0; scale < scales; scale++) {
            double progress = scales == 1 ? 0 : (double) scale / (scales - 1);
            Tensor logits = transformer.logits(pass, scale, x);
            see(probe, scale, "logits", logits);
            float[] mixed = mix(logits.data(), rows > batch, plan, progress);
            if (plan.keepLogits()) {
                kept.add(mixed.clone());
            }
            int[] sampled = sample(mixed, sampler, randoms);
            ids.add(sampled);
            int[] used = scale < plan.forced().size() ? plan.forced().get(scale) : sampled;
            tokenizer.add(summed, used, config.scales().get(scale), progress);
            see(probe, scale, "sum", summed);
            if (scale < scales - 1) {
                int side = config.scales().get(scale + 1);
                Tensor next = engine.resizeArea(summed, side, side);
                see(probe, scale, "next", next);
                x = embed(next, scale + 1, rows);
            }
        }
        return new Outcome(ids, kept, summed, transformer.attentionNanos());
    }

    private static void see(ForwardProbe probe, int scale, String name, Tensor x) {
        if (probe != null) {
            probe.see("scale" + scale + "." + name, x);
        }
    }

    private static List<BatchRow> batchRows(int batch, int rows) {
        List<BatchRow> out = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            out.add(new BatchRow(row % batch, row < batch ? Guidance.CONDITIONAL : Guidance.UNCONDITIONAL));
        }
        return out;
    }

    /** Class embeddings [rows, width], those of no class last. */
    private Tensor condition(List<Integer> labels, int rows) {
        Tensor out = Tensor.zeros(rows, weights.width);
        for (int row = 0; row < rows; row++) {
            int label = row < labels.size() ? labels.get(row) : weights.classes;
            System.arraycopy(weights.classTable, label * weights.width, out.data(), row * weights.width, weights.width);
        }
        return out;
    }

    private Tensor first(Tensor condition) {
        int width = weights.width;
        int tokens = weights.start.length / width;
        Tensor x = Tensor.zeros(condition.dim(0), tokens, width);
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] = condition.data()[i / (tokens * width) * width + i % width]
                    + weights.start[i % (tokens * width)]
                    + place(0, 0, i % (tokens * width));
        }
        return x;
    }

    /** Number {@code i} of the tokens of a scale in the sum of level and position embeddings. */
    private float place(int scale, int firstToken, int i) {
        return weights.levels[scale * weights.width + i % weights.width]
                + weights.positions[firstToken * weights.width + i];
    }

    /** Word embeddings of the next scale, the same for all rows of an image, [rows, tokens, width]. */
    private Tensor embed(Tensor next, int scale, int rows) {
        Tensor tokens = TokenLayout.toTokens(next);
        Tensor words = weights.wordEmbedding.apply(engine, tokens);
        int each = words.size() / words.dim(0);
        int firstToken = geometry().firstToken(scale);
        Tensor x = Tensor.zeros(rows, words.dim(1), weights.width);
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] = words.data()[i % words.size()] + place(scale, firstToken, i % each);
        }
        return x;
    }

    private static float[] mix(float[] logits, boolean guided, Plan plan, double progress) {
        float[] mixed = new float[guided ? logits.length / 2 : logits.length];
        float t = (float) ((plan.guidance() - 1) * progress);
        for (int i = 0; i < mixed.length; i++) {
            float logit = guided ? (1 + t) * logits[i] - t * logits[mixed.length + i] : logits[i];
            mixed[i] = logit / plan.temperature();
        }
        return mixed;
    }

    private int[] sample(float[] logits, Sampler sampler, List<SplittableRandom> randoms) {
        int[] ids = new int[logits.length / weights.codes];
        int perImage = ids.length / randoms.size();
        NonFinite.check(logits, "the logits");
        for (int i = 0; i < ids.length; i++) {
            ids[i] = sampler.sample(logits, i * weights.codes, weights.codes, randoms.get(i / perImage));
        }
        return ids;
    }

    private void check(List<Integer> labels, Plan plan) {
        for (int label : labels) {
            if (label < 0 || label >= weights.classes) {
                throw new InputRefused("class " + label + " is not known, expected 0 to " + (weights.classes - 1));
            }
        }
        for (int scale = 0; scale < plan.forced().size(); scale++) {
            int side = scale < config.scales().size() ? config.scales().get(scale) : 0;
            if (plan.forced().get(scale).length != labels.size() * side * side) {
                throw new InputRefused("scale " + scale + ": " + plan.forced().get(scale).length
                        + " ids are forced for " + labels.size() + " images of " + side * side + " tokens");
            }
        }
    }
}
