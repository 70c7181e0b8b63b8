package org.headwise.model.infinity;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.ArrayKeys;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.AttentionEngine.Order;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.BatchRow;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.attention.Observation;
import org.headwise.model.CosineAttention;
import org.headwise.model.ForwardProbe;
import org.headwise.model.Geometry;
import org.headwise.model.infinity.InfinityConfig.LevelEmbedding;
import org.headwise.model.infinity.InfinityWeights.Block;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * The forward pass of one generation through the Infinity transformer: cosine self-attention with rotary positions over
 * the cache, cross attention to the text, a GELU feed-forward, all modulated by shared AdaLN (Infinity, CrossAttnBlock).
 */
final class InfinityTransformer {
    private static final float EPSILON = 1e-6f;
    private static final int TOKENS_A_TASK = 64;

    /** What stays the same through all blocks and scales of one generation. */
    record Pass(
            Geometry geometry,
            TextCondition text,
            List<ArrayKeys> textKeys,
            List<Rope2d> rope,
            List<BatchRow> rows,
            KvCache cache,
            AttentionObserver observer,
            ForwardProbe probe) {
        void see(int step, int layer, String name, Tensor value) {
            if (probe != null) {
                probe.see("scale" + step + ".block" + layer + "." + name, value);
            }
        }
    }

    private final InfinityWeights weights;
    private final LevelEmbedding levelEmbedding;
    private final CrossPrecision crossPrecision;
    private final Engine engine;
    private final AttentionEngine attention;
    private long attentionNanos;

    InfinityTransformer(
            InfinityWeights weights,
            LevelEmbedding levelEmbedding,
            CrossPrecision crossPrecision,
            Engine engine,
            AttentionEngine attention) {
        this.weights = weights;
        this.levelEmbedding = levelEmbedding;
        this.crossPrecision = crossPrecision;
        this.engine = engine;
        this.attention = attention;
    }

    /** Nanoseconds spent in self-attention so far. */
    long attentionNanos() {
        return attentionNanos;
    }

    /** Keys and values of the text tokens for the cross attention of every block. */
    List<ArrayKeys> textKeys(TextFeatures tokens) {
        List<ArrayKeys> keys = new ArrayList<>();
        for (Block block : weights.blocks) {
            float[] k =
                    block.crossText().keys().apply(engine, tokens.features()).data();
            float[] v =
                    block.crossText().values().apply(engine, tokens.features()).data();
            crossPrecision.round(k);
            crossPrecision.round(v);
            keys.add(new ArrayKeys(k, v, tokens.ends(), weights.heads, weights.width / weights.heads));
        }
        return keys;
    }

    /** Adds the level embedding of a step where it belongs before {@code layer}; {@code x} [rows, tokens, width]. */
    void embedLevel(Tensor x, int step, int layer) {
        if (layer > 0 && levelEmbedding == LevelEmbedding.FIRST_BLOCK) {
            return;
        }
        int width = weights.width;
        for (int at = 0; at < x.size(); at += width) {
            for (int c = 0; c < width; c++) {
                x.data()[at + c] += weights.levels[step * width + c];
            }
        }
    }

    /** One block, in place on the residual stream {@code x} [rows, tokens, width]. */
    void block(Pass pass, int step, int layer, Tensor x) {
        Block block = weights.blocks.get(layer);
        Tensor[] vectors = modulation(block, pass.text());
        Tensor in = engine.modulatedLayerNorm(x, vectors[2], vectors[4], EPSILON);
        pass.see(step, layer, "sa_in", in);
        Tensor out = selfAttention(pass, step, layer, block, in);
        pass.see(step, layer, "sa_out", out);
        engine.addScaled(x, out, vectors[0]);
        pass.see(step, layer, "after_sa", x);
        Tensor crossIn = engine.layerNorm(x, block.crossNormWeight(), block.crossNormBias(), EPSILON);
        pass.see(step, layer, "ca_in", crossIn);
        Tensor cross = crossAttention(block, pass.textKeys().get(layer), crossIn);
        pass.see(step, layer, "ca_out", cross);
        engine.add(x, cross);
        Tensor feedIn = engine.modulatedLayerNorm(x, vectors[3], vectors[5], EPSILON);
        pass.see(step, layer, "ffn_in", feedIn);
        Tensor hidden = block.up().apply(engine, feedIn);
        engine.gelu(hidden);
        Tensor fed = block.down().apply(engine, hidden);
        pass.see(step, layer, "ffn_out", fed);
        engine.addScaled(x, fed, vectors[1]);
        pass.see(step, layer, "out", x);
    }

    /** gamma1, gamma2, scale1, scale2, shift1, shift2, each [rows, width]. */
    private Tensor[] modulation(Block block, TextCondition text) {
        int width = weights.width;
        int rows = text.modulation().dim(0);
        Tensor[] vectors = new Tensor[6];
        for (int part = 0; part < 6; part++) {
            vectors[part] = Tensor.zeros(rows, width);
            for (int row = 0; row < rows; row++) {
                for (int c = 0; c < width; c++) {
                    vectors[part].data()[row * width + c] = block.modulation()[part * width + c]
                            + text.modulation().data()[(row * 6 + part) * width + c];
                }
            }
        }
        return vectors;
    }

    private Tensor selfAttention(Pass pass, int step, int layer, Block block, Tensor in) {
        int heads = weights.heads;
        int headDim = weights.width / heads;
        int rows = in.dim(0);
        int tokens = in.dim(1);
        Tensor q = block.query().apply(engine, in).reshape(rows, tokens, heads, headDim);
        Tensor k = block.key().apply(engine, in).reshape(rows, tokens, heads, headDim);
        Tensor v = block.value().apply(engine, in).reshape(rows, tokens, heads, headDim);
        Rope2d rope = pass.rope().get(step);
        engine.workers().forEach((rows * tokens + TOKENS_A_TASK - 1) / TOKENS_A_TASK, task -> {
            int end = Math.min(rows * tokens, (task + 1) * TOKENS_A_TASK);
            for (int at = task * TOKENS_A_TASK * heads; at < end * heads; at++) {
                CosineAttention.normalise(q.data(), at * headDim, headDim, block.queryScale()[at % heads]);
                CosineAttention.normalise(k.data(), at * headDim, headDim, 1);
                rope.rotate(q.data(), at * headDim, at / heads % tokens);
                rope.rotate(k.data(), at * headDim, at / heads % tokens);
            }
        });
        long start = System.nanoTime();
        pass.cache().append(layer, step, k.data(), v.data());
        KvView view = pass.cache().view(layer, step);
        Observation observation = pass.observer() == null
                ? null
                : new Observation(pass.geometry(), pass.rows(), layer, step, pass.observer());
        Tensor out = attention.attend(
                view, q, 1, Order.ALL, observation, pass.cache().receives(layer, step));
        attentionNanos += System.nanoTime() - start;
        if (pass.probe() != null) {
            pass.see(step, layer, "q", q);
            pass.see(step, layer, "attn", out);
            seeCache(pass, step, layer, view, rows);
        }
        if (pass.cache().wantsQueries(layer, step)) {
            pass.cache().queries(layer, step, new BlockQueries(engine, block, in, q));
        }
        pass.cache().attended(layer, step);
        return block.projection().apply(engine, out.reshape(rows, tokens, weights.width));
    }

    /** Hands all keys and values to the probe as [rows, heads, keys, headDim]. */
    private void seeCache(Pass pass, int step, int layer, KvView view, int rows) {
        int headDim = view.headDim();
        int keys = view.keys(0, 0);
        Tensor allKeys = Tensor.zeros(rows, view.kvHeads(), keys, headDim);
        Tensor allValues = Tensor.zeros(rows, view.kvHeads(), keys, headDim);
        for (int row = 0; row < rows; row++) {
            for (int h = 0; h < view.kvHeads(); h++) {
                int at = (row * view.kvHeads() + h) * keys * headDim;
                view.copyKeys(row, h, 0, keys, allKeys.data(), at);
                view.copyValues(row, h, 0, keys, allValues.data(), at);
            }
        }
        pass.see(step, layer, "k_all", allKeys);
        pass.see(step, layer, "v_all", allValues);
    }

    private Tensor crossAttention(Block block, ArrayKeys text, Tensor in) {
        int headDim = weights.width / weights.heads;
        Tensor q = block.crossQuery().apply(engine, in);
        crossPrecision.round(q.data());
        Tensor out = attention.attend(
                text, q.reshape(in.dim(0), in.dim(1), weights.heads, headDim), (float) (1 / Math.sqrt(headDim)), null);
        crossPrecision.round(out.data());
        return block.crossProjection().apply(engine, out.reshape(in.shape()));
    }

    /** Logits before guidance and temperature, [rows, tokens, 2 * bits], from the last block's output of those rows. */
    Tensor head(TextCondition text, Tensor x) {
        int rows = x.dim(0);
        int width = weights.width;
        Tensor active = firstRows(text.pooled(), rows).copy();
        engine.silu(active);
        Tensor both = weights.headModulation.apply(engine, active);
        Tensor scale = Tensor.zeros(rows, width);
        Tensor shift = Tensor.zeros(rows, width);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(both.data(), row * 2 * width, scale.data(), row * width, width);
            System.arraycopy(both.data(), (row * 2 + 1) * width, shift.data(), row * width, width);
        }
        return weights.head.apply(engine, engine.modulatedLayerNorm(x, scale, shift, EPSILON));
    }

    /** The first rows along the first axis, copied when there are fewer. */
    static Tensor firstRows(Tensor x, int rows) {
        if (x.dim(0) == rows) {
            return x;
        }
        int[] shape = x.shape();
        shape[0] = rows;
        return Tensor.of(java.util.Arrays.copyOf(x.data(), x.size() / x.dim(0) * rows), shape);
    }

    /** The number format in which cross attention takes its inputs and leaves its outputs. */
    enum CrossPrecision {
        FLOAT32,
        /** What upstream does for its flash-attention call, whatever the model's type. */
        BF16_ROUNDED;

        void round(float[] data) {
            if (this == BF16_ROUNDED) {
                for (int i = 0; i < data.length; i++) {
                    data[i] = DType.bf16(DType.toBf16(data[i]));
                }
            }
        }
    }
}
