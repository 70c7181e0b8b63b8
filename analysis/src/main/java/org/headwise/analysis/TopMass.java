package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;

/**
 * Mass on the 1, 8 and 32 keys that each query looks at most, added up over the queries of a block. Rows of one head are
 * alike, so the 32nd value of one row tells which keys of the next are worth sorting; a row that surprises is selected in
 * full. The result is exact and does not depend on that guess.
 */
final class TopMass {
    static final int[] COUNTS = {1, 8, 32};
    private static final int MOST = COUNTS[COUNTS.length - 1];
    private static final int SORTED_AT_ONCE = 96;

    private final double[] sums = new double[COUNTS.length];
    private float[] candidates = new float[0];

    void scan(AttentionBlock block) {
        Arrays.fill(sums, 0);
        if (candidates.length < block.keys()) {
            candidates = new float[block.keys()];
        }
        float floor = -1;
        for (int q = 0; q < block.queries(); q++) {
            int from = q * block.stride();
            int count = collect(block.probabilities(), from, block.keys(), floor);
            if (count < Math.min(MOST, block.keys())) {
                count = collect(block.probabilities(), from, block.keys(), -1);
            }
            if (count > SORTED_AT_ONCE) {
                select(candidates, count, MOST);
                count = MOST;
            }
            Arrays.sort(candidates, 0, count);
            floor = count < MOST ? -1 : 0.7f * candidates[count - MOST];
            add(count);
        }
    }

    /** Sums over queries of the mass on the first 1, 8 and 32 keys by probability: {@link #COUNTS}. */
    double[] sums() {
        return sums;
    }

    private int collect(float[] p, int from, int keys, float floor) {
        float[] into = candidates;
        int count = 0;
        for (int k = from; k < from + keys; k++) {
            float x = p[k];
            if (x > floor) {
                into[count++] = x;
            }
        }
        return count;
    }

    // Adds up from the largest: the same order whatever the candidates were.
    private void add(int count) {
        double sum = 0;
        int taken = 0;
        for (int i = 0; i < COUNTS.length; i++) {
            for (; taken < Math.min(COUNTS[i], count); taken++) {
                sum += candidates[count - 1 - taken];
            }
            sums[i] += sum;
        }
    }

    /** Moves the {@code most} largest of the first {@code count} numbers to the front, in any order (Hoare's select). */
    static void select(float[] x, int count, int most) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            float pivot = x[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (x[i] > pivot) {
                    i++;
                }
                while (x[j] < pivot) {
                    j--;
                }
                if (i <= j) {
                    float swap = x[i];
                    x[i++] = x[j];
                    x[j--] = swap;
                }
            }
            if (most - 1 <= j) {
                high = j;
            } else if (most - 1 >= i) {
                low = i;
            } else {
                return;
            }
        }
    }
}
