package org.headwise.attention;

import java.util.Arrays;
import java.util.List;
import org.headwise.tensor.Kernels;
import org.headwise.tensor.Scratch;

/**
 * Keys and values of one row and kv head, laid out for the product kernels: in scratch memory, keys in panels [panels,
 * headDim, panel], values in strips of columns [strips, keys, at most panel], filled up to whole vectors. A panel of keys
 * is turned just before its first use, so that it is still in the caches. For a few queries keys and values stay as they
 * come. What needs no other layout is read in place where the view lets it be. Results are the same to the bit in place
 * and copied.
 */
final class HeadKeys {
    private static final int KEYS = 0;
    private static final int VALUES = 1;
    private static final int SCORES = 2;
    private static final int QUERIES = 3;
    private static final int MIXED = 4;
    private static final int ROWS = 5;
    private static final int TOUCHED = 6;
    private static final int DEPTH = 512;

    /** Numbers of a cache line. */
    private static final int LINE = 16;

    /** With fewer queries than this, keys are read as they lie: packing them would cost more than it saves. */
    private static final int PACKED_FROM = 4;

    /** Values in spans shorter than this on the average are copied: every span costs a pass over the sums. */
    private static final int SPAN = 128;

    /** From so many queries on, values in strips save more than it costs to bring them there. */
    private static final int STRIPS_FROM = 160;

    private final Kernels kernels;
    private final Scratch scratch;
    private final KvView view;
    private final int row;
    private final int kvHead;
    private final int keys;
    private final int headDim;
    private final int width;
    private final boolean packed;
    /** Columns of a strip of values. */
    private final int strip;
    /** Where keys and values lie if the view tells, else empty. */
    private final List<KvSpan> spans;
    /** Whether keys and values are read where they lie. */
    private final boolean keysInPlace;

    private final boolean valuesInPlace;
    /** Whether panels are used once only, so that one panel's room is enough and stays in the nearest cache. */
    private final boolean onePanel;
    /** How many keys are in panels already. */
    private int turned;

    private HeadKeys(KvView view, int row, int kvHead, int queries, boolean once, Kernels kernels, Scratch scratch) {
        this.kernels = kernels;
        this.scratch = scratch;
        this.view = view;
        this.row = row;
        this.kvHead = kvHead;
        this.keys = view.keys(row, kvHead);
        this.headDim = view.headDim();
        this.width = roundUp(headDim, kernels.lanes());
        this.packed = queries >= PACKED_FROM;
        this.onePanel = packed && once;
        this.strip = queries >= STRIPS_FROM ? Math.min(width, kernels.panel()) : width;
        this.spans = width == headDim ? view.spans(row, kvHead) : List.of();
        this.keysInPlace = !packed && !spans.isEmpty();
        this.valuesInPlace = strip == width && !spans.isEmpty() && (!packed || keys >= (long) SPAN * spans.size());
    }

    /**
     * @param queries how many there will be, of all heads that share these keys
     * @param once whether {@link #scores} will be asked for once only
     */
    static HeadKeys gather(
            KvView view, int row, int kvHead, int queries, boolean once, Kernels kernels, Scratch scratch) {
        HeadKeys gathered = new HeadKeys(view, row, kvHead, queries, once, kernels, scratch);
        if (gathered.packed) {
            int room = gathered.onePanel ? kernels.panel() : roundUp(gathered.keys, kernels.panel());
            scratch.floats(KEYS, room * gathered.headDim);
        } else if (!gathered.keysInPlace) {
            view.copyKeys(row, kvHead, 0, gathered.keys, scratch.floats(KEYS, gathered.keys * gathered.headDim), 0);
        }
        if (!gathered.valuesInPlace) {
            gathered.gatherValues();
        }
        return gathered;
    }

    private static int roundUp(int count, int unit) {
        return (count + unit - 1) / unit * unit;
    }

    /** Distance between the rows of {@link #scores}: a bit more than needed, since powers of two share cache sets. */
    int stride() {
        return stride(keys, kernels);
    }

    static int stride(int keys, Kernels kernels) {
        return roundUp(keys, kernels.panel()) + kernels.lanes();
    }

    /** Brings the keys from {@code from} on into the panel that starts at {@code to}. */
    private void turn(int from, int to) {
        int panel = kernels.panel();
        int count = Math.min(panel, keys - from);
        float[] into = scratch.floats(KEYS, 0);
        int first = from;
        for (KvSpan span : spans) {
            if (first >= 0 && first + panel <= span.tokens()) {
                int at = span.keysAt() + first * headDim;
                touch(span.keys(), at, panel * headDim);
                kernels.transpose(span.keys(), at, headDim, panel, headDim, into, to, panel);
                return;
            }
            first -= span.tokens();
        }
        float[] rows = scratch.floats(ROWS, panel * headDim);
        view.copyKeys(row, kvHead, from, count, rows, 0);
        Arrays.fill(rows, count * headDim, panel * headDim, 0);
        kernels.transpose(rows, 0, headDim, panel, headDim, into, to, panel);
    }

    /**
     * Reads one number of every cache line, in order. Products and turns pick their numbers up crosswise, which no
     * processor foresees; lines that come one after another it fetches ahead.
     */
    private void touch(float[] x, int at, int count) {
        float a = 0;
        float b = 0;
        int i = at;
        for (; i + 2 * LINE <= at + count; i += 2 * LINE) {
            a += x[i];
            b += x[i + LINE];
        }
        // Kept, because what nobody wants the compiler does not read.
        scratch.floats(TOUCHED, 1)[0] = a + b;
    }

    private void gatherValues() {
        float[] into = scratch.floats(VALUES, keys * width);
        if (strip == headDim) {
            view.copyValues(row, kvHead, 0, keys, into, 0);
            return;
        }
        int most = kernels.panel();
        float[] some = scratch.floats(ROWS, most * headDim);
        for (int from = 0; from < keys; from += most) {
            int count = Math.min(most, keys - from);
            view.copyValues(row, kvHead, from, count, some, 0);
            for (int column = 0; column < width; column += strip) {
                int columns = Math.min(strip, width - column);
                int given = Math.min(columns, headDim - column);
                int to = column * keys + from * columns;
                for (int key = 0; key < count; key++) {
                    System.arraycopy(some, key * headDim + column, into, to + key * columns, given);
                    Arrays.fill(into, to + key * columns + given, to + (key + 1) * columns, 0);
                }
            }
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
        if (keysInPlace) {
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
            int keysAt = onePanel ? 0 : from * headDim;
            if (from == turned) {
                turn(from, keysAt);
                turned += panel;
            }
            kernels.product(
                    scaled,
                    0,
                    headDim,
                    count,
                    scratch.floats(KEYS, 0),
                    keysAt,
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
        for (int column = 0; column < width; column += strip) {
            int columns = Math.min(strip, width - column);
            if (!valuesInPlace) {
                mix(0, count, scratch.floats(VALUES, 0), column * keys, columns, keys, mixed, column);
                continue;
            }
            int first = 0;
            for (KvSpan span : spans) {
                mix(first, count, span.values(), span.valuesAt(), columns, span.tokens(), mixed, column);
                first += span.tokens();
            }
        }
        for (int q = 0; q < count; q++) {
            System.arraycopy(mixed, q * width, out, at + q * outStride, headDim);
        }
    }

    /** Adds the values of keys [{@code first}, {@code first + tokens}); the very first overwrite what was there. */
    private void mix(int first, int count, float[] values, int at, int columns, int tokens, float[] mixed, int column) {
        for (int from = 0; from < tokens; from += DEPTH) {
            int depth = Math.min(DEPTH, tokens - from);
            if (valuesInPlace && packed) {
                touch(values, at + from * columns, depth * columns);
            }
            kernels.product(
                    scratch.floats(SCORES, 0),
                    first + from,
                    stride(),
                    count,
                    values,
                    at + from * columns,
                    columns,
                    columns,
                    depth,
                    mixed,
                    column,
                    width,
                    first + from > 0);
        }
    }
}
