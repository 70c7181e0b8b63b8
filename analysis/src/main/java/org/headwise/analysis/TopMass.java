package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;
import org.headwise.tensor.Kernels;

/**
 * Mass on the 1, 8 and 32 keys that each query looks at most, among all keys and among the first of them, added up over
 * the queries of a block: exact, and the same to the bit in whatever order blocks come.
 */
final class TopMass {
    static final int[] COUNTS = {1, 8, Largest.LEAST};

    private final Largest first;
    private final Largest rest;
    private final double[] sums = new double[COUNTS.length];
    private final double[] sumsOfFirst = new double[COUNTS.length];

    TopMass(Kernels kernels) {
        first = new Largest(kernels);
        rest = new Largest(kernels);
    }

    /** Starts on a block, of which every query is then added once. */
    void begin() {
        Arrays.fill(sums, 0);
        Arrays.fill(sumsOfFirst, 0);
    }

    /** @param keys how many of the block's keys, counted from the first, are also looked at on their own */
    void add(AttentionBlock block, int query, int keys) {
        int at = query * block.stride();
        float[] a = first.of(block.probabilities(), at, keys, 0);
        // What the first keys have more of than are counted cannot be among the largest of all.
        float[] b = rest.of(block.probabilities(), at + keys, block.keys() - keys, a[Largest.LEAST - 1]);
        for (int i = 0; i < COUNTS.length; i++) {
            sumsOfFirst[i] += sum(a, COUNTS[i]);
            sums[i] += sumOfLargest(a, b, COUNTS[i]);
        }
    }

    /** Where the last search among the rest of the keys began to succeed: see {@link Largest#floor}. */
    int floor() {
        return rest.floor();
    }

    /** Where to begin searching; it changes no result. -1 if there is no idea. */
    void startAt(int floor) {
        rest.startAt(floor);
    }

    /** Sums over queries of the mass on the first 1, 8 and 32 keys by probability: {@link #COUNTS}. */
    double[] sums() {
        return sums;
    }

    /** The same for the first keys alone. */
    double[] sumsOfFirst() {
        return sumsOfFirst;
    }

    private static double sum(float[] descending, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += descending[i];
        }
        return sum;
    }

    /**
     * Sum of the largest numbers of two rows together. Of one row's i largest and the other's count - i largest, which
     * are those, the pairs of one row forwards with the other backwards hold one each.
     */
    private static double sumOfLargest(float[] a, float[] b, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.max(a[i], b[count - 1 - i]);
        }
        return sum;
    }
}
