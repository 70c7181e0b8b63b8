package org.headwise.attention;

import java.util.Arrays;
import org.headwise.tensor.Kernels;
import org.headwise.tensor.Scratch;

/**
 * Keys and values of one row and kv head in scratch memory, laid out for the product kernels: keys in panels [panels,
 * headDim, panel] (or as they come, for a few queries), values as they come with rows filled up to whole vectors.
 */
final class HeadKeys {
    private static final int KEYS = 0;
    private static final int VALUES = 1;
    private static final int SCORES = 2;
    private static final int QUERIES = 3;
    private static final int MIXED = 4;
    private static final int ROWS = 5;
    private static final int DEPTH = 512;

    private final Kernels kernels;
    private final Scratch scratch;
    private final int keys;
    private final int headDim;
    private final int width;
    private final boolean packed;

    private HeadKeys(Kernels kernels, Scratch scratch, int keys, int headDim, boolean packed) {
        this.kernels = kernels;
        this.scratch = scratch;
        this.keys = keys;
        this.headDim = headDim;
        this.width = roundUp(headDim, kernels.lanes());
        this.packed = packed;
    }

    static HeadKeys gather(KvView view, int row, int kvHead, boolean packed, Kernels kernels, Scratch scratch) {
        HeadKeys gathered = new HeadKeys(kernels, scratch, view.keys(row, kvHead), view.headDim(), packed);
        gathered.gatherKeys(view, row, kvHead);
        gathered.gatherValues(view, row, kvHead);
        return gathered;
    }

    private static int roundUp(int count, int unit) {
        return (count + unit - 1) / unit * unit;
    }

    /** Distance between the rows of {@link #scores}: a bit more than needed, since powers of two share cache sets. */
    int stride() {
        return roundUp(keys, kernels.panel()) + kernels.lanes();
    }

    private void gatherKeys(KvView view, int row, int kvHead) {
        if (!packed) {
            view.copyKeys(row, kvHead, 0, keys, scratch.floats(KEYS, keys * headDim), 0);
            return;
        }
        int panel = kernels.panel();
        float[] into = scratch.floats(KEYS, roundUp(keys, kernels.panel()) * headDim);
        float[] rows = scratch.floats(ROWS, panel * headDim);
        for (int from = 0; from < keys; from += panel) {
            int count = Math.min(panel, keys - from);
            view.copyKeys(row, kvHead, from, count, rows, 0);
            Arrays.fill(rows, count * headDim, panel * headDim, 0);
            kernels.transpose(rows, 0, headDim, panel, headDim, into, from * headDim, panel);
        }
    }

    private void gatherValues(KvView view, int row, int kvHead) {
        float[] into = scratch.floats(VALUES, keys * width);
        if (width == headDim) {
            view.copyValues(row, kvHead, 0, keys, into, 0);
            return;
        }
        float[] one = scratch.floats(ROWS, headDim);
        for (int key = 0; key < keys; key++) {
            view.copyValues(row, kvHead, key, 1, one, 0);
            System.arraycopy(one, 0, into, key * width, headDim);
            Arrays.fill(into, key * width + headDim, (key + 1) * width, 0);
        }
    }

    /** Scores [count, keys] with rows {@link #stride} apart. */
    float[] scores(float[] queries, int at, int queryStride, int count, float scale) {
        float[] scaled = scratch.floats(QUERIES, count * headDim);
        for (int q = 0; q < count; q++) {
            for (int i = 0; i < headDim; i++) {
                scaled[q * headDim + i] = queries[at + q * queryStride + i] * scale;
            }
        }
        int stride = stride();
        float[] scores = scratch.floats(SCORES, count * stride);
        if (!packed) {
            for (int q = 0; q < count; q++) {
                kernels.dots(
                        scaled, q * headDim, scratch.floats(KEYS, 0), 0, headDim, keys, headDim, scores, q * stride);
            }
            return scores;
        }
        int panel = kernels.panel();
        for (int from = 0; from < keys; from += panel) {
            kernels.product(
                    scaled,
                    0,
                    headDim,
                    count,
                    scratch.floats(KEYS, 0),
                    from * headDim,
                    panel,
                    panel,
                    headDim,
                    scores,
                    from,
                    stride,
                    false);
        }
        return scores;
    }

    /** Multiplies the probabilities, which are where the scores were, with the values. */
    void mix(int count, float[] out, int at, int outStride) {
        float[] mixed = scratch.floats(MIXED, count * width);
        float[] probabilities = scratch.floats(SCORES, 0);
        for (int from = 0; from < keys; from += DEPTH) {
            kernels.product(
                    probabilities,
                    from,
                    stride(),
                    count,
                    scratch.floats(VALUES, 0),
                    from * width,
                    width,
                    width,
                    Math.min(DEPTH, keys - from),
                    mixed,
                    0,
                    width,
                    from > 0);
        }
        for (int q = 0; q < count; q++) {
            System.arraycopy(mixed, q * width, out, at + q * outStride, headDim);
        }
    }
}
