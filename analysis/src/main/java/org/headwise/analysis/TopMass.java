package org.headwise.analysis;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.headwise.attention.AttentionBlock;
import org.headwise.tensor.Kernels;

/**
 * Mass on the 1, 8 and 32 keys that each query looks at most, added up over the queries of a block: exact, and the same
 * to the bit in whatever order blocks come. Values are told apart by bisection and counting rather than by sorting, since
 * counting is done in vectors while no processor foresees the branches of a sort.
 */
final class TopMass {
    static final int[] COUNTS = {1, 8, 32};
    private static final int MOST = COUNTS[COUNTS.length - 1];
    private static final int CANDIDATES = 64;

    /** About a quarter of a number, in its bits. */
    private static final int FIRST_STEP = 1 << 21;

    private static final int BITS_OF_TWO = Float.floatToRawIntBits(2);

    private final Kernels kernels;
    private final float[] collected;
    private final MemorySegment floats;
    private final int[] candidates = new int[CANDIDATES];
    private final MemorySegment bits = MemorySegment.ofArray(candidates);
    private final long[] whole = new long[CANDIDATES];
    private final double[] sums = new double[COUNTS.length];
    private int floor = -1;
    private int below;
    private int high;

    TopMass(Kernels kernels) {
        this.kernels = kernels;
        this.collected = new float[CANDIDATES + kernels.lanes()];
        this.floats = MemorySegment.ofArray(collected);
    }

    void scan(AttentionBlock block) {
        scan(block, block.keys());
    }

    /** @param keys how many of the block's keys, counted from the first, are looked at */
    void scan(AttentionBlock block, int keys) {
        Arrays.fill(sums, 0);
        if (keys == 0) {
            return;
        }
        for (int q = 0; q < block.queries(); q++) {
            collect(block.probabilities(), q * block.stride(), keys);
            toWholeNumbers();
            high = BITS_OF_TWO;
            for (int i = 0; i < COUNTS.length; i++) {
                sums[i] += sumOfLargest(Math.min(COUNTS[i], keys));
            }
        }
    }

    /** Where the last search began to succeed: told to {@link #startAt}, it shortens that of a row like the last one. */
    int floor() {
        return floor;
    }

    /** Where to begin searching; it changes no result. -1 if there is no idea. */
    void startAt(int floor) {
        this.floor = floor;
    }

    /** Sums over queries of the mass on the first 1, 8 and 32 keys by probability: {@link #COUNTS}. */
    double[] sums() {
        return sums;
    }

    /**
     * Fills the candidates with the largest numbers of a row: 32 to 64 of them, or all if there are fewer. The number that
     * they have to exceed is found by steps of growing width around the last row's, since rows are alike, and then by
     * bisection. If too many numbers are equal for such a number to exist, those that are equal to it fill the candidates
     * up to 32.
     */
    private void collect(float[] p, int at, int keys) {
        if (keys <= CANDIDATES) {
            System.arraycopy(p, at, collected, 0, keys);
            below = -1;
            take(keys);
            return;
        }
        int low = -1;
        int most = BITS_OF_TWO;
        int middle = floor >= 0 ? floor : Float.floatToRawIntBits(1f / keys);
        int step = FIRST_STEP;
        while (most - low > 1) {
            int count = above(p, at, keys, middle);
            if (count > CANDIDATES) {
                low = middle;
            } else if (count < MOST) {
                most = middle;
            } else {
                floor = middle;
                below = middle - 1;
                take(count);
                return;
            }
            if (most == BITS_OF_TWO && most - low > step) {
                middle = low + step;
            } else if (low == -1 && most > step) {
                middle = most - step;
            } else {
                middle = (low + most) >>> 1;
            }
            step = Math.min(2 * step, BITS_OF_TWO);
        }
        int count = above(p, at, keys, most);
        Arrays.fill(collected, count, MOST, Float.intBitsToFloat(most));
        below = most - 1;
        take(MOST);
    }

    /** How many numbers of a row exceed that of the given bits, of which -1 is below zero; they are collected. */
    private int above(float[] p, int at, int keys, int bits) {
        return kernels.collectAbove(p, at, keys, bits < 0 ? -1 : Float.intBitsToFloat(bits), collected);
    }

    private void take(int count) {
        // A copy of bytes: the compiler does not vectorise a loop from floats to their bits.
        MemorySegment.copy(floats, 0, bits, 0, (long) Float.BYTES * count);
        Arrays.fill(candidates, count, CANDIDATES, -1);
        Arrays.fill(collected, count, CANDIDATES, -1);
    }

    /** Sum of the {@code most} largest candidates, of which there are as many; fewer than that exceed {@code high}. */
    private double sumOfLargest(int most) {
        high = kernels.threshold(collected, CANDIDATES, most, below, high);
        int equal = most - exceeding(high);
        return sumAbove(high) + equal * (double) Float.intBitsToFloat(high);
    }

    /** How many candidates exceed the number of the given bits, of which -1 is below zero. */
    private int exceeding(int bits) {
        return kernels.countAbove(collected, 0, CANDIDATES, bits < 0 ? -1 : Float.intBitsToFloat(bits));
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
