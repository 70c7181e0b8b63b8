package org.headwise.model.janus;

import java.util.List;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.AttentionEngine.Order;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.BatchRow;
import org.headwise.attention.KvCache;
import org.headwise.attention.Observation;
import org.headwise.model.Geometry;
import org.headwise.model.janus.JanusWeights.Affine;
import org.headwise.model.janus.JanusWeights.Block;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * The forward pass of one generation through the Llama trunk of Janus and its image head: RMS norms, causal attention
 * with rotary positions over the cache, a SwiGLU feed-forward.
 */
final class JanusTransformer {
    /** What stays the same through all layers and steps of one generation. */
    record Pass(Geometry geometry, Rope rope, List<BatchRow> rows, KvCache cache, AttentionObserver observer) {}

    private final JanusWeights weights;
    private final JanusConfig config;
    private final Engine engine;
    private final AttentionEngine attention;
    private long attentionNanos;

    JanusTransformer(JanusWeights weights, JanusConfig config, Engine engine, AttentionEngine attention) {
        this.weights = weights;
        this.config = config;
        this.engine = engine;
        this.attention = attention;
    }

    /** Nanoseconds spent in self-attention so far. */
    long attentionNanos() {
        return attentionNanos;
    }

    /** Embeddings of text tokens [rows, tokens] as [rows, tokens, width]. */
    Tensor embedText(List<int[]> rows) {
        int width = config.width();
        int tokens = rows.getFirst().length;
        Tensor x = Tensor.zeros(rows.size(), tokens, width);
        for (int row = 0; row < rows.size(); row++) {
            for (int t = 0; t < tokens; t++) {
                float[] one = weights.textTokens.toFloats((long) rows.get(row)[t] * width, width);
                System.arraycopy(one, 0, x.data(), (row * tokens + t) * width, width);
            }
        }
        return x;
    }

    /** Embeddings of one image token per row, [rows, 1, width]. */
    Tensor embedImage(int[] ids) {
        int inputs = Math.toIntExact(weights.imageTokens.shape()[1]);
        Tensor x = Tensor.zeros(ids.length, 1, inputs);
        for (int row = 0; row < ids.length; row++) {
            float[] one = weights.imageTokens.toFloats((long) ids[row] * inputs, inputs);
            System.arraycopy(one, 0, x.data(), row * inputs, inputs);
        }
        for (int layer = 0; layer < weights.aligner.size(); layer++) {
            if (layer > 0) {
                engine.geluExact(x);
            }
            x = linear(x, weights.aligner.get(layer));
        }
        return x;
    }

    /** Runs one step, x [rows, tokens, width]; its last token through the final norm, [rows, width]. */
    Tensor step(Pass pass, int step, Tensor x) {
        for (int layer = 0; layer < weights.blocks.size(); layer++) {
            Block block = weights.blocks.get(layer);
            Tensor in = engine.rmsNorm(x, block.attentionNorm(), config.epsilon());
            engine.add(x, selfAttention(pass, step, layer, block, in));
            in = engine.rmsNorm(x, block.feedForwardNorm(), config.epsilon());
            engine.add(x, feedForward(block, in));
        }
        return engine.rmsNorm(lastTokens(x), weights.norm, config.epsilon());
    }

    /** Logits over the image codes, [rows, codes], of hidden states [rows, width]. */
    Tensor head(Tensor hidden) {
        Tensor x = linear(hidden, weights.headIn);
        engine.geluExact(x);
        return linear(x, weights.headOut);
    }

    private Tensor selfAttention(Pass pass, int step, int layer, Block block, Tensor in) {
        int rows = in.dim(0);
        int tokens = in.dim(1);
        int headDim = config.headDim();
        Tensor q = engine.linear(in, block.query(), null).reshape(rows, tokens, config.heads(), headDim);
        Tensor k = engine.linear(in, block.key(), null);
        Tensor v = engine.linear(in, block.value(), null);
        int first = pass.geometry().firstToken(step);
        for (int token = 0; token < rows * tokens; token++) {
            int position = first + token % tokens;
            pass.rope().rotate(q.data(), token * config.heads() * headDim, config.heads(), position);
            pass.rope().rotate(k.data(), token * config.kvHeads() * headDim, config.kvHeads(), position);
        }
        long start = System.nanoTime();
        pass.cache().append(layer, step, k.data(), v.data());
        Observation observation = pass.observer() == null
                ? null
                : new Observation(pass.geometry(), pass.rows(), layer, step, pass.observer());
        Tensor out = attention.attend(
                pass.cache().view(layer, step), q, (float) (1 / Math.sqrt(headDim)), Order.CAUSAL, observation);
        pass.cache().attended(layer, step);
        attentionNanos += System.nanoTime() - start;
        return engine.linear(out.reshape(rows, tokens, config.heads() * headDim), block.output(), null);
    }

    private Tensor feedForward(Block block, Tensor in) {
        Tensor gate = engine.linear(in, block.gate(), null);
        engine.silu(gate);
        engine.multiply(gate, engine.linear(in, block.up(), null));
        return engine.linear(gate, block.down(), null);
    }

    private static Tensor lastTokens(Tensor x) {
        int tokens = x.dim(1);
        int width = x.dim(2);
        Tensor last = Tensor.zeros(x.dim(0), width);
        for (int row = 0; row < x.dim(0); row++) {
            System.arraycopy(x.data(), ((row + 1) * tokens - 1) * width, last.data(), row * width, width);
        }
        return last;
    }

    private Tensor linear(Tensor x, Affine layer) {
        return engine.linear(x, layer.weight(), layer.bias());
    }
}
