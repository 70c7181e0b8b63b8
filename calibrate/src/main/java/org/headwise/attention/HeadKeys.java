package org.headwise.attention;

import java.util.Arrays;
import java.util.List;
import org.headwise.tensor.Kernels;
import org.headwise.tensor.Scratch;

/**
 * Keys and values of one row and kv head, laid out for the product kernels: in scratch memory, keys in panels [panels,
 * headDim, panel], values as they come with rows filled up to whole vectors. For a few queries keys stay as they come,
 * and both are read in place where the view lets them be. Results are the same to the bit in place and copied.
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
    /** Where keys and values lie if they are read in place, else empty. */
    private final List<KvSpan> spans;

    private HeadKeys(Kernels kernels, Scratch scratch, int keys, int headDim, boolean packed, List<KvSpan> spans) {
        this.kernels = kernels;
        this.scratch = scratch;
        this.keys = keys;
        this.headDim = headDim;
        this.width = roundUp(headDim, kernels.lanes());
        this.packed = packed;
        this.spans = spans;
    }

    static HeadKeys gather(KvView view, int row, int kvHead, boolean packed, Kernels kernels, Scratch scratch) {
        boolean copied = packed || view.headDim() % kernels.lanes() != 0;
        List<KvSpan> spans = copied ? List.of() : view.spans(row, kvHead);
        HeadKeys gathered = new HeadKeys(kernels, scratch, view.keys(row, kvHead), view.headDim(), packed, spans);
        if (spans.isEmpty()) {
            gathered.gatherKeys(view, row, kvHead);
            gathered.gatherValues(view, row, kvHead);
        }
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
        if (!spans.isEmpty()) {
            scoresInPlace(scaled, count, scores);
            return scores;
        }
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

    private void scoresInPlace(float[] scaled, int count, float[] scores) {
        for (int q = 0; q < count; q++) {
            int at = q * stride();
            for (KvSpan span : spans) {
                kernels.dots(
                        scaled, q * headDim, span.keys(), span.keysAt(), headDim, span.tokens(), headDim, scores, at);
                at += span.tokens();
            }
        }
    }

    /** Multiplies the probabilities, which are where the scores were, with the values. */
    void mix(int count, float[] out, int at, int outStride) {
        float[] mixed = scratch.floats(MIXED, count * width);
        float[] probabilities = scratch.floats(SCORES, 0);
        if (spans.isEmpty()) {
            mix(probabilities, 0, count, scratch.floats(VALUES, 0), 0, keys, mixed);
        }
        int first = 0;
        for (KvSpan span : spans) {
            mix(probabilities, first, count, span.values(), span.valuesAt(), span.tokens(), mixed);
            first += span.tokens();
        }
        for (int q = 0; q < count; q++) {
            System.arraycopy(mixed, q * width, out, at + q * outStride, headDim);
        }
    }

    /** Adds the values of keys [{@code first}, {@code first + tokens}); the very first overwrite what was there. */
    private void mix(float[] probabilities, int first, int count, float[] values, int at, int tokens, float[] mixed) {
        for (int from = 0; from < tokens; from += DEPTH) {
            kernels.product(
                    probabilities,
                    first + from,
                    stride(),
                    count,
                    values,
                    at + from * width,
                    width,
                    width,
                    Math.min(DEPTH, tokens - from),
                    mixed,
                    0,
                    width,
                    first + from > 0);
        }
    }
}
