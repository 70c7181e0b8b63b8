package org.headwise.attention;

/**
 * Keys and values of some consecutive tokens of one layer, as [rows, kvHeads, tokens, headDim], so that a head's tokens
 * lie together.
 */
record KvChunk(float[] keys, float[] values, int tokens, int headDim) {
    /** Takes what a model appends, [rows, tokens, kvHeads, headDim]. */
    static KvChunk of(float[] keys, float[] values, int rows, int tokens, int kvHeads, int headDim) {
        return new KvChunk(
                turn(keys, rows, tokens, kvHeads, headDim),
                turn(values, rows, tokens, kvHeads, headDim),
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

    /** This chunk and the one after it in one. */
    KvChunk and(KvChunk next) {
        int together = tokens + next.tokens;
        return new KvChunk(
                join(keys, next.keys, next.tokens), join(values, next.values, next.tokens), together, headDim);
    }

    private float[] join(float[] first, float[] second, int nextTokens) {
        float[] out = new float[first.length + second.length];
        int one = tokens * headDim;
        int two = nextTokens * headDim;
        for (int part = 0; part < first.length / one; part++) {
            System.arraycopy(first, part * one, out, part * (one + two), one);
            System.arraycopy(second, part * two, out, part * (one + two) + one, two);
        }
        return out;
    }

    /** Copies tokens [{@code from}, {@code from + count}) of part {@code row * kvHeads + kvHead}. */
    void copy(boolean value, int part, int from, int count, float[] into, int offset) {
        System.arraycopy(value ? values : keys, (part * tokens + from) * headDim, into, offset, count * headDim);
    }

    /** All tokens of part {@code row * kvHeads + kvHead}. */
    KvSpan span(int part) {
        int at = part * tokens * headDim;
        return new KvSpan(keys, at, values, at, tokens);
    }

    long bytes() {
        return 4L * (keys.length + values.length);
    }
}
