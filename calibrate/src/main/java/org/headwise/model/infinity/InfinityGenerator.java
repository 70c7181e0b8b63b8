package org.headwise.model.infinity;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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
import org.headwise.model.PerStep;
import org.headwise.model.Sampler;
import org.headwise.model.image.TokenLayout;
import org.headwise.model.infinity.InfinityTransformer.Pass;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Tensor;

/** The next-scale loop of Infinity (autoregressive_infer_cfg): text features in, bits and summed codes out. */
public final class InfinityGenerator {
    /** A loop over the scales of a schedule; lists of one value stand for all scales. */
    public record Plan(
            List<Grid> schedule,
            Grid largest,
            List<Float> guidance,
            List<Float> temperature,
            List<Integer> guidanceLayers,
            int topK,
            float topP,
            List<int[]> forced,
            boolean keepLogits,
            boolean roundCrossAttention) {
        float guidance(int step) {
            return PerStep.at(guidance, step);
        }

        float temperature(int step) {
            return PerStep.at(temperature, step);
        }

        boolean guided() {
            return guidance.stream().anyMatch(g -> g != 1);
        }
    }

    /**
     * @param bits per step [batch, tokens, bits]; the sampled ones, also where others were forced
     * @param logits per step [batch, tokens, 2 * bits] after guidance and temperature, when asked for
     * @param summed [batch, codebook bits, height, width]: what the image decoder receives
     */
    public record Outcome(List<int[]> bits, List<float[]> logits, Tensor summed, long attentionNanos) {}

    private final InfinityWeights weights;
    private final InfinityConfig config;
    private final Engine engine;
    private final AttentionEngine attention;
    private final TextConditioner conditioner;
    private final BsqQuantizer quantizer;

    public InfinityGenerator(Checkpoint checkpoint, InfinityConfig config, Engine engine, DType storage) {
        this.weights = new InfinityWeights(checkpoint, engine, storage);
        this.config = config;
        this.engine = engine;
        this.attention = new AttentionEngine(engine);
        this.conditioner = new TextConditioner(weights, engine, attention);
        this.quantizer = new BsqQuantizer(engine);
        if (config.patchify() && weights.bits % 4 != 0) {
            throw new InputRefused(checkpoint.origin() + ": " + weights.bits
                    + " bits a token do not divide by four, which spatial patchify needs");
        }
    }

    /** The geometry of this transformer over a schedule. */
    public Geometry geometry(List<Grid> schedule) {
        return new Geometry(
                "infinity",
                weights.blocks.size(),
                weights.heads,
                weights.heads,
                weights.width / weights.heads,
                schedule);
    }

    /** Bits of one token. */
    public int bitsPerToken() {
        return weights.bits;
    }

    /** Longest text in tokens. */
    public int textLimit() {
        return weights.textLimit;
    }

    /** Runs the text conditioning alone and hands its tensors to the probe. */
    public void condition(TextFeatures text, ForwardProbe probe) {
        conditioner.condition(text, probe);
    }

    /** Logits of the head for given last hidden states [rows, tokens, width] under texts of the same rows. */
    public Tensor head(TextFeatures text, Tensor hidden) {
        return transformer(false).head(conditioner.condition(text, null), hidden);
    }

    /**
     * Generates one image per text.
     *
     * @param negative texts that replace the learnt unconditional one, or null
     * @param seeds one per text
     * @param observer may be null
     * @param probe may be null
     */
    public Outcome generate(
            TextFeatures text,
            TextFeatures negative,
            Plan plan,
            List<Long> seeds,
            KvCache cache,
            AttentionObserver observer,
            ForwardProbe probe) {
        int batch = text.texts();
        check(text, negative, plan);
        TextFeatures rows = plan.guided() ? text.then(negative == null ? unconditional(text) : negative) : text;
        TextCondition condition = conditioner.condition(rows, probe);
        InfinityTransformer transformer = transformer(plan.roundCrossAttention());
        Pass pass = new Pass(
                geometry(plan.schedule()),
                condition,
                transformer.textKeys(condition.tokens()),
                Rope2d.schedule(plan.schedule(), plan.largest(), weights.width / weights.heads, config.ropeMode()),
                batchRows(batch, rows.texts()),
                cache,
                observer,
                probe);
        cache.begin(pass.geometry(), rows.texts());
        GuidanceMix mix = new GuidanceMix(plan.guidanceLayers(), weights.blocks.size(), batch);
        Sampler sampler = new Sampler(plan.topK(), plan.topP());
        List<SplittableRandom> randoms =
                seeds.stream().map(SplittableRandom::new).toList();
        Grid last = vaeGrid(plan.schedule().getLast());
        int channels = config.patchify() ? weights.bits / 4 : weights.bits;
        Tensor summed = Tensor.zeros(batch, channels, last.height(), last.width());
        List<int[]> bits = new ArrayList<>();
        List<float[]> kept = new ArrayList<>();
        for (int step = 0; step < plan.schedule().size(); step++) {
            Tensor x = step == 0
                    ? firstInput(condition)
                    : nextInput(summed, plan.schedule().get(step), rows.texts());
            if (probe != null) {
                probe.see("scale" + step + ".input", x);
            }
            float[] logits = logits(transformer, pass, plan, mix, step, x);
            if (plan.keepLogits()) {
                kept.add(logits.clone());
            }
            int[] sampled = sample(logits, sampler, randoms);
            bits.add(sampled);
            int[] used = step < plan.forced().size() ? plan.forced().get(step) : sampled;
            addScale(summed, used, plan.schedule().get(step), batch);
        }
        return new Outcome(bits, kept, summed, transformer.attentionNanos());
    }

    private InfinityTransformer transformer(boolean roundCrossAttention) {
        return new InfinityTransformer(
                weights,
                config.levelEmbedding(),
                roundCrossAttention
                        ? InfinityTransformer.CrossPrecision.BF16_ROUNDED
                        : InfinityTransformer.CrossPrecision.FLOAT32,
                engine,
                attention);
    }

    private float[] logits(InfinityTransformer transformer, Pass pass, Plan plan, GuidanceMix mix, int step, Tensor x) {
        float guidance = plan.guidance(step);
        for (int layer = 0; layer < weights.blocks.size(); layer++) {
            transformer.embedLevel(x, step, layer);
            if (layer == 0 && pass.probe() != null) {
                pass.probe().see("scale" + step + ".x0", x);
            }
            transformer.block(pass, step, layer, x);
            mix.afterBlock(layer, guidance, x);
        }
        Tensor head = transformer.head(
                pass.text(), mix.onLogits(guidance) ? x : InfinityTransformer.firstRows(x, mix.batch()));
        if (pass.probe() != null) {
            pass.probe().see("scale" + step + ".head_in", x);
            pass.probe().see("scale" + step + ".head_out", head);
        }
        float[] logits = head.data();
        float temperature = plan.temperature(step);
        for (int i = 0; i < logits.length; i++) {
            logits[i] /= temperature;
        }
        return mix.onLogits(guidance) ? mix.mixed(guidance, logits) : logits;
    }

    private int[] sample(float[] logits, Sampler sampler, List<SplittableRandom> randoms) {
        NonFinite.check(logits, "the logits");
        int[] bits = new int[logits.length / 2];
        int perImage = bits.length / randoms.size();
        for (int i = 0; i < bits.length; i++) {
            bits[i] = sampler.sample(logits, 2 * i, 2, randoms.get(i / perImage));
        }
        return bits;
    }

    /** Adds the codes of one scale's bits [batch, tokens, bits] to the running sum. */
    private void addScale(Tensor summed, int[] bits, Grid grid, int batch) {
        Tensor tokens = Tensor.zeros(batch, grid.tokens(), weights.bits);
        for (int i = 0; i < bits.length; i++) {
            tokens.data()[i] = bits[i];
        }
        Tensor planes = TokenLayout.toPlanes(tokens, grid);
        quantizer.addCodes(summed, quantizer.codes(config.patchify() ? TokenLayout.shuffle(planes) : planes));
    }

    /** Word embeddings of the next scale, the same for both guidance rows, [rows, tokens, width]. */
    private Tensor nextInput(Tensor summed, Grid grid, int rows) {
        Tensor planes = quantizer.resize(summed, vaeGrid(grid));
        Tensor tokens = TokenLayout.toTokens(config.patchify() ? TokenLayout.unshuffle(planes) : planes);
        Tensor embedded = weights.wordEmbedding.apply(engine, tokens);
        Tensor x = Tensor.zeros(rows, grid.tokens(), weights.width);
        for (int at = 0; at < x.size(); at += embedded.size()) {
            System.arraycopy(embedded.data(), 0, x.data(), at, embedded.size());
        }
        return x;
    }

    private Tensor firstInput(TextCondition condition) {
        Tensor x = condition.pooled().copy().reshape(condition.pooled().dim(0), 1, weights.width);
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] += weights.start[i % weights.width];
        }
        return x;
    }

    /** For every text, as many of the learnt unconditional rows as it has tokens. */
    private TextFeatures unconditional(TextFeatures text) {
        List<Tensor> rows = new ArrayList<>();
        for (int b = 0; b < text.texts(); b++) {
            int length = text.length(b);
            rows.add(Tensor.of(
                    java.util.Arrays.copyOf(weights.unconditional, length * weights.textWidth),
                    length,
                    weights.textWidth));
        }
        return TextFeatures.join(rows);
    }

    private Grid vaeGrid(Grid grid) {
        return config.patchify() ? new Grid(2 * grid.height(), 2 * grid.width()) : grid;
    }

    private static List<BatchRow> batchRows(int batch, int rows) {
        return IntStream.range(0, rows)
                .mapToObj(row -> new BatchRow(row % batch, row < batch ? Guidance.CONDITIONAL : Guidance.UNCONDITIONAL))
                .toList();
    }

    private void check(TextFeatures text, TextFeatures negative, Plan plan) {
        int steps = plan.schedule().size();
        PerStep.check("guidance", plan.guidance(), steps, "scale");
        PerStep.check("temperature", plan.temperature(), steps, "scale");
        int levels = weights.levels.length / weights.width;
        if (steps > levels) {
            throw new InputRefused("the schedule has " + steps + " scales, the model has embeddings of " + levels);
        }
        if (text.features().dim(1) != weights.textWidth) {
            throw new InputRefused("text features have " + text.features().dim(1)
                    + " channels, the transformer expects " + weights.textWidth);
        }
        for (int b = 0; b < text.texts(); b++) {
            if (text.length(b) > weights.textLimit) {
                throw new InputRefused(
                        "a prompt has " + text.length(b) + " tokens, the model takes at most " + weights.textLimit);
            }
        }
        if (negative != null && negative.texts() != text.texts()) {
            throw new InputRefused(negative.texts() + " negative prompts for " + text.texts() + " prompts");
        }
        for (int step = 0; step < plan.forced().size(); step++) {
            int expected = text.texts() * plan.schedule().get(step).tokens() * weights.bits;
            if (plan.forced().get(step).length != expected) {
                throw new InputRefused("scale " + step + ": " + plan.forced().get(step).length
                        + " bits are forced, the scale has " + expected);
            }
        }
    }
}
