package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;

/**
 * Mass on the 1, 8 and 32 keys that each query looks at most, added up over the queries of a block. Rows are alike, so
 * the 32nd value of one row tells which keys of the next are worth ranking; a row that surprises is looked at again in
 * full. The result is exact, and the same to the bit whatever was guessed. Branches on values are avoided throughout,
 * because no processor foresees them.
 */
final class TopMass {
    static final int[] COUNTS = {1, 8, 32};
    private static final int MOST = COUNTS[COUNTS.length - 1];
    private static final int RANKED_AT_ONCE = 64;

    private final double[] sums = new double[COUNTS.length];
    private final float[] byRank = new float[RANKED_AT_ONCE];
    private int[] candidates = new int[0];
    private float[] selected = new float[0];
    private float floor = -1;

    void scan(AttentionBlock block) {
        Arrays.fill(sums, 0);
        int keys = block.keys();
        if (selected.length < keys) {
            candidates = new int[Math.max(keys + 1, RANKED_AT_ONCE)];
            selected = new float[keys];
        }
        for (int q = 0; q < block.queries(); q++) {
            int from = q * block.stride();
            int count = collect(block.probabilities(), from, keys, floor);
            if (count < Math.min(MOST, keys)) {
                count = collect(block.probabilities(), from, keys, -1);
            }
            if (count > RANKED_AT_ONCE) {
                count = shrink(count);
            }
            rank(count);
            floor = count < MOST ? -1 : 0.7f * byRank[MOST - 1];
            double sum = 0;
            int taken = 0;
            for (int i = 0; i < COUNTS.length; i++) {
                for (; taken < Math.min(COUNTS[i], count); taken++) {
                    sum += byRank[taken];
                }
                sums[i] += sum;
            }
        }
    }

    /** Sums over queries of the mass on the first 1, 8 and 32 keys by probability: {@link #COUNTS}. */
    double[] sums() {
        return sums;
    }

    // The bits of numbers that are not negative are in the order of the numbers.
    private int collect(float[] p, int from, int keys, float floor) {
        int[] into = candidates;
        int least = floor < 0 ? -1 : Float.floatToRawIntBits(floor);
        int count = 0;
        for (int k = from; k < from + keys; k++) {
            int bits = Float.floatToRawIntBits(p[k]);
            into[count] = bits;
            count += (least - bits) >>> 31;
        }
        return count;
    }

    /** Leaves the 32 largest of too many candidates. */
    private int shrink(int count) {
        for (int i = 0; i < count; i++) {
            selected[i] = Float.intBitsToFloat(candidates[i]);
        }
        int least = Float.floatToRawIntBits(select(selected, count, MOST));
        int above = 0;
        for (int i = 0; i < count; i++) {
            if (candidates[i] > least) {
                candidates[above++] = candidates[i];
            }
        }
        Arrays.fill(candidates, above, MOST, least);
        return MOST;
    }

    /** Puts the candidates in descending order, each by counting those above it. */
    private void rank(int count) {
        int[] x = candidates;
        // A fixed number of steps lets the compiler keep the whole count in vectors.
        Arrays.fill(x, count, RANKED_AT_ONCE, -1);
        Arrays.fill(byRank, 0, count, -1);
        for (int i = 0; i < count; i++) {
            int bits = x[i];
            int above = 0;
            for (int j = 0; j < RANKED_AT_ONCE; j++) {
                above += (bits - x[j]) >>> 31;
            }
            while (byRank[above] >= 0) {
                above++;
            }
            byRank[above] = Float.intBitsToFloat(bits);
        }
    }

    /**
     * Moves the {@code most} largest of the first {@code count} numbers to the front, in any order (Hoare's select), and
     * returns the least of them.
     */
    static float select(float[] x, int count, int most) {
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
                break;
            }
        }
        return x[most - 1];
    }
}
