package org.headwise.attention;

import java.util.Arrays;

/**
 * The attention that keys receive from the queries of one step, summed over the query heads of their kv head: what caches
 * keep tokens by. The attention engine fills it in its one pass over the probabilities. Threads may fill different batch
 * rows and kv heads at the same time.
 */
public final class Received {
    /** Nothing is asked of a kv head. */
    public static final int NOTHING = -1;
    /** All queries of the step are added up. */
    public static final int ALL = 0;

    private final int[] asked;
    private final double[][] sums;

    /**
     * @param asked per kv head {@link #NOTHING}, {@link #ALL}, or how many of the last queries of the step are wanted,
     *     each by itself
     */
    public Received(int rows, int... asked) {
        this.asked = asked.clone();
        this.sums = new double[rows * asked.length][0];
    }

    /**
     * What was summed up for the keys of a view, in their order: [keys] of all queries, or [queries, keys] of as many of
     * the last queries as were asked for and exist; empty where nothing was asked.
     */
    public double[] of(int row, int kvHead) {
        return sums[row * asked.length + kvHead];
    }

    /** Begins with nothing. */
    void begin(int row, int kvHead, int queries, int keys) {
        int wanted = asked[kvHead];
        if (wanted != NOTHING) {
            sums[row * asked.length + kvHead] = new double[(wanted == ALL ? 1 : Math.min(wanted, queries)) * keys];
        }
    }

    /**
     * Adds the probabilities of one query of one head.
     *
     * @param query its index among the {@code queries} of the step
     * @param at where the probabilities of the {@code visible} first of the {@code keys} begin
     */
    void add(int row, int kvHead, int query, int queries, int keys, float[] probabilities, int at, int visible) {
        int wanted = asked[kvHead];
        int newest = queries - 1 - query;
        if (wanted == NOTHING || wanted != ALL && newest >= wanted) {
            return;
        }
        double[] into = sums[row * asked.length + kvHead];
        int start = wanted == ALL ? 0 : into.length - (newest + 1) * keys;
        for (int key = 0; key < visible; key++) {
            into[start + key] += probabilities[at + key];
        }
    }

    @Override
    public String toString() {
        return "attention received, asked " + Arrays.toString(asked);
    }
}
