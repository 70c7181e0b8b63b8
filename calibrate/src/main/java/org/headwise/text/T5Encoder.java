package org.headwise.text;

import java.nio.file.Path;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.files.InputRefused;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * The encoder of T5 1.1 and Flan-T5: relative position bias, unscaled attention, RMS norm, gated GELU (Raffel et al.,
 * section 2.1; Shazeer, GLU variants). A prompt is encoded without padding, which gives the same features as padding
 * and masking.
 */
public final class T5Encoder {
    /** Sees tensors inside a forward pass: {@code hidden_i} [tokens, width] and {@code attn_i} [heads, tokens, tokens]. */
    @FunctionalInterface
    public interface Probe {
        /** The tensor must be copied if it is kept. */
        void see(String name, Tensor value);
    }

    private final T5Config config;
    private final T5Weights weights;
    private final Engine engine;
    private final RelativeBuckets buckets;

    /** Copies the encoder out of a checkpoint, which may be closed afterwards. */
    public T5Encoder(Checkpoint checkpoint, T5Config config, Engine engine) {
        this(checkpoint, config, engine, true);
    }

    /** @param copied whether to copy the matrices out of the checkpoint; otherwise it must stay open */
    public T5Encoder(Checkpoint checkpoint, T5Config config, Engine engine, boolean copied) {
        this.config = config;
        this.engine = engine;
        this.weights = new T5Weights(checkpoint, config, engine, copied);
        this.buckets = new RelativeBuckets(config.buckets(), config.maxDistance());
    }

    /** Opens a folder with {@code config.json} and the weights, in one safetensors file or in shards with an index. */
    public static T5Encoder open(Path folder, Engine engine) {
        T5Config config = T5Config.read(folder.resolve("config.json"));
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            return new T5Encoder(checkpoint, config, engine);
        }
    }

    /** Numbers per token. */
    public int width() {
        return config.width();
    }

    /** Features [ids, width] of a prompt. */
    public Tensor encode(int[] ids) {
        return encode(ids, null);
    }

    /** As {@link #encode(int[])}; {@code probe} may be null. */
    public Tensor encode(int[] ids, Probe probe) {
        check(ids);
        Tensor x = weights.embed(ids);
        float[] bias = positionBias(ids.length);
        for (int layer = 0; layer < config.layers(); layer++) {
            see(probe, "hidden_" + layer, x);
            T5Weights.Block block = weights.blocks.get(layer);
            engine.add(
                    x,
                    attention(block, engine.rmsNorm(x, block.attentionNorm(), config.epsilon()), bias, layer, probe));
            engine.add(x, feedForward(block, engine.rmsNorm(x, block.feedForwardNorm(), config.epsilon())));
        }
        Tensor last = engine.rmsNorm(x, weights.finalNorm, config.epsilon());
        see(probe, "hidden_" + config.layers(), last);
        weights.release();
        return last;
    }

    private void check(int[] ids) {
        if (ids.length == 0) {
            throw new InputRefused("a prompt without tokens cannot be encoded; even an empty text has an end mark");
        }
        for (int id : ids) {
            if (id < 0 || id >= weights.vocabulary()) {
                throw new InputRefused("token id " + id + " is outside the " + weights.vocabulary()
                        + " of the text encoder; tokenizer and encoder do not belong together");
            }
        }
    }

    private Tensor feedForward(T5Weights.Block block, Tensor x) {
        Tensor[] opened = engine.linears(x, block.gate(), block.up());
        Tensor gate = opened[0];
        engine.gelu(gate);
        engine.multiply(gate, opened[1]);
        return engine.linear(gate, block.down(), null);
    }

    private Tensor attention(T5Weights.Block block, Tensor x, float[] bias, int layer, Probe probe) {
        int n = x.dim(0);
        int inner = config.heads() * config.headWidth();
        Tensor[] projected = engine.linears(x, block.query(), block.key(), block.value());
        Tensor q = projected[0];
        Tensor k = projected[1];
        Tensor v = projected[2];
        Tensor mixed = Tensor.zeros(n, inner);
        Tensor seen = probe == null ? null : Tensor.zeros(config.heads(), n, n);
        engine.workers().forEach(config.heads(), head -> {
            float[] row = new float[n];
            float[] keys = transposed(k, head);
            for (int i = 0; i < n; i++) {
                scores(q, keys, bias, head, i, row);
                softmax(row);
                if (seen != null) {
                    System.arraycopy(row, 0, seen.data(), (head * n + i) * n, n);
                }
                for (int j = 0; j < n; j++) {
                    int from = j * inner + head * config.headWidth();
                    int to = i * inner + head * config.headWidth();
                    for (int c = 0; c < config.headWidth(); c++) {
                        mixed.data()[to + c] += row[j] * v.data()[from + c];
                    }
                }
            }
        });
        if (seen != null) {
            see(probe, "attn_" + layer, seen);
        }
        return engine.linear(mixed, block.output(), null);
    }

    /** Keys of one head as [headWidth, tokens], so that the inner loop runs over neighbours. */
    private float[] transposed(Tensor k, int head) {
        int n = k.dim(0);
        float[] out = new float[config.headWidth() * n];
        for (int j = 0; j < n; j++) {
            for (int c = 0; c < config.headWidth(); c++) {
                out[c * n + j] = k.data()[j * k.dim(1) + head * config.headWidth() + c];
            }
        }
        return out;
    }

    /** Scores of query {@code i} with all keys: no division by sqrt(headWidth), that is part of T5's weights. */
    private void scores(Tensor q, float[] keys, float[] bias, int head, int i, float[] row) {
        int n = row.length;
        System.arraycopy(bias, head * (2 * n - 1) + n - 1 - i, row, 0, n);
        for (int c = 0; c < config.headWidth(); c++) {
            float value = q.data()[i * q.dim(1) + head * config.headWidth() + c];
            for (int j = 0; j < n; j++) {
                row[j] += value * keys[c * n + j];
            }
        }
    }

    private static void softmax(float[] row) {
        float max = Float.NEGATIVE_INFINITY;
        for (float score : row) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
            row[j] = (float) Math.exp(row[j] - max);
            sum += row[j];
        }
        for (int j = 0; j < row.length; j++) {
            row[j] = (float) (row[j] / sum);
        }
    }

    /** Bias [heads, 2 * tokens - 1] by key minus query, which runs from 1 - tokens to tokens - 1. */
    private float[] positionBias(int n) {
        float[] bias = new float[config.heads() * (2 * n - 1)];
        for (int head = 0; head < config.heads(); head++) {
            for (int offset = 1 - n; offset < n; offset++) {
                bias[head * (2 * n - 1) + offset + n - 1] =
                        weights.positionBias[buckets.of(offset) * config.heads() + head];
            }
        }
        return bias;
    }

    private static void see(Probe probe, String name, Tensor value) {
        if (probe != null) {
            probe.see(name, value);
        }
    }
}
