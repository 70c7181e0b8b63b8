package org.headwise.model.raster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.AttentionEngine.Order;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.BatchRow;
import org.headwise.attention.KvCache;
import org.headwise.attention.Observation;
import org.headwise.model.Geometry;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;
import org.headwise.tensor.Tensor;

/**
 * A transformer in the form of Llama: RMS norms, causal attention with rotary positions over the cache, a SwiGLU
 * feed-forward, no biases.
 */
public final class LlamaTrunk {
    /** One layer. */
    public record Block(
            float[] attentionNorm,
            Matrix query,
            Matrix key,
            Matrix value,
            Matrix output,
            float[] feedForwardNorm,
            Matrix gate,
            Matrix up,
            Matrix down) {}

    /** What stays the same through all layers and steps of one generation, or of the part of it that has prompts of one length. */
    public record Pass(
            Geometry geometry, Rotation rotation, List<BatchRow> rows, KvCache cache, AttentionObserver observer) {}

    private final List<Block> blocks;
    private final float[] norm;
    private final float epsilon;
    private final Engine engine;
    private final AttentionEngine attention;

    /** @param norm weights of the norm after the last layer */
    public LlamaTrunk(List<Block> blocks, float[] norm, float epsilon, Engine engine) {
        this.blocks = List.copyOf(blocks);
        this.norm = norm;
        this.epsilon = epsilon;
        this.engine = engine;
        this.attention = new AttentionEngine(engine);
    }

    /**
     * Runs one step. Matrices see the rows of all parts together, attention is each part's own.
     *
     * @param passes the parts of the batch
     * @param x [rows of all parts, tokens of the step, width], overwritten
     * @return the last token of every row through the final norm, [rows, width], and the time its attention took
     */
    Stepped step(List<Pass> passes, int step, Tensor x) {
        long nanos = 0;
        for (int layer = 0; layer < blocks.size(); layer++) {
            Block block = blocks.get(layer);
            Tensor in = engine.rmsNorm(x, block.attentionNorm(), epsilon);
            Stepped attended = selfAttention(passes, step, layer, block, in);
            nanos += attended.attentionNanos();
            engine.add(x, attended.hidden());
            in = engine.rmsNorm(x, block.feedForwardNorm(), epsilon);
            engine.add(x, feedForward(block, in));
        }
        return new Stepped(engine.rmsNorm(lastTokens(x), norm, epsilon), nanos);
    }

    record Stepped(Tensor hidden, long attentionNanos) {}

    private Stepped selfAttention(List<Pass> passes, int step, int layer, Block block, Tensor in) {
        Tensor[] projected = engine.linears(in, block.query(), block.key(), block.value());
        List<Tensor> mixed = new ArrayList<>();
        long nanos = 0;
        int row = 0;
        for (Pass pass : passes) {
            int rows = pass.rows().size();
            Stepped attended = attend(
                    pass,
                    step,
                    layer,
                    rows(projected[0], row, rows),
                    rows(projected[1], row, rows),
                    rows(projected[2], row, rows));
            mixed.add(attended.hidden());
            nanos += attended.attentionNanos();
            row += rows;
        }
        return new Stepped(engine.linear(joined(mixed), block.output(), null), nanos);
    }

    /** Queries, keys and values of one part, [rows, tokens, numbers of a token] each; the queries are overwritten. */
    private Stepped attend(Pass pass, int step, int layer, Tensor q, Tensor k, Tensor v) {
        int rows = q.dim(0);
        int tokens = q.dim(1);
        int heads = pass.geometry().heads();
        int kvHeads = pass.geometry().kvHeads();
        int headDim = pass.geometry().headDim();
        int first = pass.geometry().firstToken(step);
        for (int token = 0; token < rows * tokens; token++) {
            int position = first + token % tokens;
            pass.rotation().rotate(q.data(), token * heads * headDim, heads, position);
            pass.rotation().rotate(k.data(), token * kvHeads * headDim, kvHeads, position);
        }
        long start = System.nanoTime();
        pass.cache().append(layer, step, k.data(), v.data());
        Observation observation = pass.observer() == null
                ? null
                : new Observation(pass.geometry(), pass.rows(), layer, step, pass.observer());
        Tensor out = attention.attend(
                pass.cache().view(layer, step),
                q.reshape(rows, tokens, heads, headDim),
                (float) (1 / Math.sqrt(headDim)),
                Order.CAUSAL,
                observation,
                pass.cache().receives(layer, step));
        pass.cache().attended(layer, step);
        return new Stepped(out.reshape(rows, tokens, heads * headDim), System.nanoTime() - start);
    }

    /** Some rows of the first axis; all of them are not copied. */
    private static Tensor rows(Tensor x, int from, int count) {
        if (count == x.dim(0)) {
            return x;
        }
        int[] shape = x.shape();
        int one = x.size() / shape[0];
        shape[0] = count;
        return Tensor.of(Arrays.copyOfRange(x.data(), from * one, (from + count) * one), shape);
    }

    /** Tensors one after another along their first axis; a single one is not copied. */
    static Tensor joined(List<Tensor> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int[] shape = parts.getFirst().shape();
        shape[0] = parts.stream().mapToInt(part -> part.dim(0)).sum();
        Tensor all = Tensor.zeros(shape);
        int at = 0;
        for (Tensor part : parts) {
            System.arraycopy(part.data(), 0, all.data(), at, part.size());
            at += part.size();
        }
        return all;
    }

    private Tensor feedForward(Block block, Tensor in) {
        Tensor[] opened = engine.linears(in, block.gate(), block.up());
        Tensor gate = opened[0];
        engine.silu(gate);
        engine.multiply(gate, opened[1]);
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
}
