package org.headwise.schedules.runtime;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.headwise.files.InputRefused;
import org.headwise.schedules.Pooling;

/**
 * The token selection of ScaleKV's released code (ScaleKVCluster.update_kv) for one batch row and head: raw dot products
 * of a few bare query projections with all cached keys, added up and pooled along the cache.
 *
 * @param window queries in the observation window
 * @param kernel width of the pooling
 */
public record ReleasedSelection(int window, int kernel, Pooling pooling) {
    /**
     * The observation window among the keys held, ascending: the centres of equal square patches of the newest scale; the
     * newest keys where scale or window is no square, or the scale is smaller than the window's grid.
     *
     * @param newest tokens of the newest scale
     */
    public int[] windowTokens(int held, int newest) {
        int start = Math.max(0, held - newest);
        int side = root(held - start);
        int grid = root(window);
        if (side < 0 || grid < 0 || side < grid) {
            return IntStream.range(Math.max(0, held - window), held).toArray();
        }
        int patch = side / grid;
        int offset = (patch - 1) / 2;
        int[] tokens = new int[window];
        for (int i = 0; i < window; i++) {
            tokens[i] = start + (i / grid * patch + offset) * side + i % grid * patch + offset;
        }
        return tokens;
    }

    /** The root of a square number, else -1. */
    private static int root(int number) {
        int root = (int) Math.round(Math.sqrt(number));
        return root * root == number ? root : -1;
    }

    /** Which queries of the step are the window's: clamped to those there are. */
    public static int[] queryRows(int[] windowTokens, int held, int queries) {
        return Arrays.stream(windowTokens)
                .map(token -> Math.clamp(token - (held - queries), 0, queries - 1))
                .toArray();
    }

    /**
     * Pooled scores, [held + 1] for an even kernel and [held] for an odd one. Window keys count as negative infinity,
     * which average pooling spreads to their neighbours.
     *
     * @param queries [window, headDim]
     * @param keys [held, headDim]
     */
    public double[] scores(float[] queries, float[] keys, int held, int[] windowTokens) {
        int headDim = keys.length / held;
        // The sum of dot products is the dot product with the sum.
        double[] sum = new double[headDim];
        for (int i = 0; i < queries.length; i++) {
            sum[i % headDim] += queries[i];
        }
        double[] raw = new double[held];
        for (int key = 0; key < held; key++) {
            double dot = 0;
            for (int i = 0; i < headDim; i++) {
                dot += sum[i] * keys[key * headDim + i];
            }
            raw[key] = dot / Math.sqrt(headDim);
        }
        for (int token : windowTokens) {
            raw[token] = Double.NEGATIVE_INFINITY;
        }
        return pooled(raw, kernel, pooling);
    }

    /** Stride 1, padded by half the kernel: zeros for the average, nothing for the maximum. */
    static double[] pooled(double[] raw, int kernel, Pooling pooling) {
        int pad = kernel / 2;
        double[] pooled = new double[raw.length + 2 * pad - kernel + 1];
        for (int i = 0; i < pooled.length; i++) {
            int from = Math.max(0, i - pad);
            int to = Math.min(raw.length, i - pad + kernel);
            pooled[i] = pooling == Pooling.MAX ? most(raw, from, to) : sum(raw, from, to) / kernel;
        }
        return pooled;
    }

    private static double most(double[] x, int from, int to) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            most = Math.max(most, x[i]);
        }
        return most;
    }

    private static double sum(double[] x, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += x[i];
        }
        return sum;
    }

    /** The scores with those of the window negative infinity: what the highest are taken of. */
    public static double[] ranked(double[] pooled, int[] windowTokens) {
        double[] ranked = pooled.clone();
        for (int token : windowTokens) {
            ranked[token] = Double.NEGATIVE_INFINITY;
        }
        return ranked;
    }

    /**
     * The window and the highest scores beside it, ascending. Where too few scores are finite, others are taken as well,
     * those of the window among them, so that keys can be kept twice.
     *
     * @throws InputRefused where the released code stops with an error
     */
    public int[] kept(double[] ranked, int[] windowTokens, int held, int tokens) {
        if (tokens < windowTokens.length) {
            throw new InputRefused(
                    "the released selection stops with an error when fewer tokens are kept than its window"
                            + " has, found " + tokens + " and " + windowTokens.length);
        }
        int[] highest = TopTokens.highest(ranked, tokens - windowTokens.length);
        if (highest.length > 0 && highest[highest.length - 1] >= held) {
            throw new InputRefused("the released selection pools over " + kernel + " tokens, an even number, and here"
                    + " chooses a token behind the last, with which it stops with an error; expected an odd number");
        }
        return TopTokens.merged(highest, windowTokens);
    }
}
