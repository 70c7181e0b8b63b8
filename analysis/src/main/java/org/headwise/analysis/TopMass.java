package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;

/**
 * Mass on the 1, 8 and 32 keys that each query looks at most, added up over the queries of a block: exact, and the same
 * to the bit in whatever order blocks come. Values are told apart by bisection and counting rather than by sorting, since
 * counting is done in vectors while no processor foresees the branches of a sort.
 */
final class TopMass {
    static final int[] COUNTS = {1, 8, 32};
    private static final int MOST = COUNTS[COUNTS.length - 1];
    private static final int CANDIDATES = 64;
    private static final int BITS_OF_TWO = Float.floatToRawIntBits(2);

    private final RowBits rows = new RowBits();
    private final int[] candidates = new int[CANDIDATES + 1];
    private final long[] whole = new long[CANDIDATES];
    private final double[] sums = new double[COUNTS.length];
    private int floor = -1;
    private int below;
    private int high;

    void scan(AttentionBlock block) {
        Arrays.fill(sums, 0);
        rows.begin(block);
        int keys = block.keys();
        for (int q = 0; q < block.queries(); q++) {
            collect(rows.row(block, q), keys);
            toWholeNumbers();
            high = BITS_OF_TWO;
            for (int i = 0; i < COUNTS.length; i++) {
                sums[i] += sumOfLargest(Math.min(COUNTS[i], keys));
            }
        }
    }

    /** Sums over queries of the mass on the first 1, 8 and 32 keys by probability: {@link #COUNTS}. */
    double[] sums() {
        return sums;
    }

    /** Fills the candidates with the largest numbers of a row: 32 to 64 of them, or all if there are fewer. */
    private void collect(int[] bits, int keys) {
        if (keys <= CANDIDATES) {
            System.arraycopy(bits, 0, candidates, 0, keys);
            Arrays.fill(candidates, keys, candidates.length, -1);
            below = -1;
            return;
        }
        int least = floor(bits, keys);
        int count = above(bits, keys, least, candidates);
        if (count < MOST) {
            Arrays.fill(candidates, count, MOST, least);
            count = MOST;
        }
        Arrays.fill(candidates, count, candidates.length, -1);
        below = least - 1;
    }

    /**
     * A number that 32 to 64 numbers of the row exceed; if there is none because too many are equal, that which is
     * equal to them, so that fewer than 32 exceed it. Rows are alike, so the last row's is tried first.
     */
    private int floor(int[] bits, int keys) {
        int low = -1;
        int high = BITS_OF_TWO;
        int middle = floor >= 0 ? floor : Float.floatToRawIntBits(1f / keys);
        while (true) {
            int count = count(bits, keys, middle);
            if (count > CANDIDATES) {
                low = middle;
            } else if (count < MOST) {
                high = middle;
            } else {
                floor = middle;
                return middle;
            }
            if (high - low <= 1) {
                return high;
            }
            middle = (low + high) >>> 1;
        }
    }

    private static int count(int[] bits, int keys, int least) {
        int count = 0;
        for (int k = 0; k < keys; k++) {
            count += (least - bits[k]) >>> 31;
        }
        return count;
    }

    // Stores always and counts without a branch; there is one place more than numbers that pass.
    private static int above(int[] bits, int keys, int least, int[] into) {
        int count = 0;
        for (int k = 0; k < keys; k++) {
            into[count] = bits[k];
            count += (least - bits[k]) >>> 31;
        }
        return count;
    }

    /** Sum of the {@code most} largest candidates, of which there are as many; fewer than that exceed {@code high}. */
    private double sumOfLargest(int most) {
        int low = below;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            int count = count(candidates, CANDIDATES, middle);
            if (count == most) {
                high = middle;
                return sumAbove(middle);
            }
            if (count > most) {
                low = middle;
            } else {
                high = middle;
            }
        }
        int equal = most - count(candidates, CANDIDATES, high);
        return sumAbove(high) + equal * (double) Float.intBitsToFloat(high);
    }

    // Whole numbers, because their sum does not depend on the order; 2^-62 is far below a probability's last bit.
    private void toWholeNumbers() {
        for (int i = 0; i < CANDIDATES; i++) {
            whole[i] = (long) (Float.intBitsToFloat(Math.max(0, candidates[i])) * 0x1p62f);
        }
    }

    private double sumAbove(int least) {
        long sum = 0;
        for (int i = 0; i < CANDIDATES; i++) {
            sum += whole[i] & (long) ((least - candidates[i]) >> 31);
        }
        return sum * 0x1p-62;
    }
}
