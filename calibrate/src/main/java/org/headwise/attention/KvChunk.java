package org.headwise.attention;

import java.util.List;
import org.headwise.tensor.DType;

/**
 * Keys and values of some consecutive tokens of one layer, as [rows, kvHeads, tokens, headDim], so that a head's tokens
 * lie together.
 */
record KvChunk(KvNumbers keys, KvNumbers values, int tokens, int headDim) {
    /** Takes what a model appends, [rows, tokens, kvHeads, headDim]. */
    static KvChunk of(float[] keys, float[] values, int rows, int tokens, int kvHeads, int headDim, DType type) {
        return new KvChunk(
                KvNumbers.of(turn(keys, rows, tokens, kvHeads, headDim), type),
                KvNumbers.of(turn(values, rows, tokens, kvHeads, headDim), type),
                tokens,
                headDim);
    }

    private static float[] turn(float[] x, int rows, int tokens, int heads, int headDim) {
        float[] out = new float[x.length];
        for (int row = 0; row < rows; row++) {
            for (int token = 0; token < tokens; token++) {
                for (int head = 0; head < heads; head++) {
                    int from = ((row * tokens + token) * heads + head) * headDim;
                    int to = ((row * heads + head) * tokens + token) * headDim;
                    System.arraycopy(x, from, out, to, headDim);
                }
            }
        }
        return out;
    }

    /** Neighbours of the same number of tokens in one chunk. */
    static KvChunk joined(List<KvChunk> chunks) {
        KvChunk first = chunks.getFirst();
        int parts = first.keys.length() / (first.tokens * first.headDim);
        return new KvChunk(
                first.keys.joined(chunks.stream().map(KvChunk::keys).toList(), parts),
                first.values.joined(chunks.stream().map(KvChunk::values).toList(), parts),
                chunks.size() * first.tokens,
                first.headDim);
    }

    /** Copies tokens [{@code from}, {@code from + count}) of part {@code row * kvHeads + kvHead}. */
    void copy(boolean value, int part, int from, int count, float[] into, int offset) {
        (value ? values : keys).copy((part * tokens + from) * headDim, count * headDim, into, offset);
    }

    /** All tokens of part {@code row * kvHeads + kvHead}; only of float32. */
    KvSpan span(int part) {
        int at = part * tokens * headDim;
        return new KvSpan(((KvNumbers.Full) keys).numbers(), at, ((KvNumbers.Full) values).numbers(), at, tokens);
    }

    long bytes() {
        return keys.bytes() + values.bytes();
    }
}
