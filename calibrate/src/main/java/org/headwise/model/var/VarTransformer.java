package org.headwise.model.var;

import java.util.List;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.AttentionEngine.Order;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.BatchRow;
import org.headwise.attention.KvCache;
import org.headwise.attention.Observation;
import org.headwise.model.CosineAttention;
import org.headwise.model.Geometry;
import org.headwise.model.var.VarWeights.Block;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * The forward pass of one generation through a VAR transformer: attention over all earlier scales, a GELU feed-forward,
 * both modulated by the class (VAR, AdaLNSelfAttn).
 */
final class VarTransformer {
    private static final float EPSILON = 1e-6f;

    /** What stays the same through all blocks and scales; {@code active} is SiLU of the class embedding [rows, width]. */
    record Pass(Geometry geometry, Tensor active, List<BatchRow> rows, KvCache cache, AttentionObserver observer) {}

    private final VarWeights weights;
    private final Engine engine;
    private final AttentionEngine attention;
    private long attentionNanos;

    VarTransformer(VarWeights weights, Engine engine) {
        this.weights = weights;
        this.engine = engine;
        this.attention = new AttentionEngine(engine);
    }

    /** Nanoseconds spent in self-attention so far. */
    long attentionNanos() {
        return attentionNanos;
    }

    /** Logits [rows, tokens, codes] of one scale, whose input x [rows, tokens, width] is overwritten. */
    Tensor logits(Pass pass, int step, Tensor x) {
        Tensor shared = weights.sharedModulation == null ? null : weights.sharedModulation.apply(engine, pass.active());
        for (int layer = 0; layer < weights.blocks.size(); layer++) {
            Block block = weights.blocks.get(layer);
            Tensor six = shared == null
                    ? block.ownModulation().apply(engine, pass.active())
                    : plus(shared, block.modulation());
            Tensor in = engine.modulatedLayerNorm(x, part(six, 2, 6), part(six, 4, 6), EPSILON);
            engine.addScaled(x, selfAttention(pass, step, layer, block, in), part(six, 0, 6));
            in = engine.modulatedLayerNorm(x, part(six, 3, 6), part(six, 5, 6), EPSILON);
            Tensor hidden = block.up().apply(engine, in);
            engine.gelu(hidden);
            engine.addScaled(x, block.down().apply(engine, hidden), part(six, 1, 6));
        }
        Tensor two = weights.headModulation.apply(engine, pass.active());
        return weights.head.apply(engine, engine.modulatedLayerNorm(x, part(two, 0, 2), part(two, 1, 2), EPSILON));
    }

    private static Tensor plus(Tensor rows, float[] each) {
        Tensor out = rows.copy();
        for (int i = 0; i < out.size(); i++) {
            out.data()[i] += each[i % each.length];
        }
        return out;
    }

    /** One of {@code parts} equal parts of every row. */
    private static Tensor part(Tensor rows, int index, int parts) {
        int width = rows.dim(1) / parts;
        Tensor out = Tensor.zeros(rows.dim(0), width);
        for (int row = 0; row < rows.dim(0); row++) {
            System.arraycopy(rows.data(), (row * parts + index) * width, out.data(), row * width, width);
        }
        return out;
    }

    private Tensor selfAttention(Pass pass, int step, int layer, Block block, Tensor in) {
        int rows = in.dim(0);
        int tokens = in.dim(1);
        int heads = weights.heads;
        int headDim = weights.width / heads;
        Tensor q = block.query().apply(engine, in).reshape(rows, tokens, heads, headDim);
        Tensor k = block.key().apply(engine, in);
        Tensor v = block.value().apply(engine, in);
        boolean normalised = block.queryScale() != null;
        for (int at = 0; normalised && at < rows * tokens * heads; at++) {
            CosineAttention.normalise(q.data(), at * headDim, headDim, block.queryScale()[at % heads]);
            CosineAttention.normalise(k.data(), at * headDim, headDim, 1);
        }
        long start = System.nanoTime();
        pass.cache().append(layer, step, k.data(), v.data());
        Observation observation = pass.observer() == null
                ? null
                : new Observation(pass.geometry(), pass.rows(), layer, step, pass.observer());
        float scale = normalised ? 1 : (float) (0.25 / Math.sqrt(headDim));
        Tensor out = attention.attend(
                pass.cache().view(layer, step),
                q,
                scale,
                Order.ALL,
                observation,
                pass.cache().receives(layer, step));
        pass.cache().attended(layer, step);
        attentionNanos += System.nanoTime() - start;
        return block.projection().apply(engine, out.reshape(rows, tokens, weights.width));
    }
}
