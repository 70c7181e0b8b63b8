package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.tensor.Kernels;

/**
 * Finds the largest numbers of a row without sorting all of it: those that exceed a number which is searched for by steps
 * of growing width around the last row's, since rows are alike, and then by bisection. A first search through the row is
 * content with many, so that it mostly succeeds at once; a second one goes through those.
 */
final class Largest {
    /** So many of the largest are found. */
    static final int LEAST = 32;
    /** No more than so many are sorted. */
    private static final int MOST = 64;

    private static final int MANY = 256;

    /** About a quarter of a number, in its bits. */
    private static final int FIRST_STEP = 1 << 21;

    private static final int LEAST_STEP = 1 << 12;
    private static final int BITS_OF_TWO = Float.floatToRawIntBits(2);

    private final Kernels kernels;
    private final float[] many;
    private final float[] few;
    private final float[] sorted = new float[MOST];
    /** What the last row's many exceed, in its bits. */
    private int floor = -1;
    /** By how much what the last row's few exceed was more than that. */
    private int further = FIRST_STEP;
    /** What those exceed that the last search collected. */
    private int bound;

    Largest(Kernels kernels) {
        this.kernels = kernels;
        many = new float[MANY + kernels.lanes()];
        few = new float[MOST + kernels.lanes()];
    }

    /** Where the last search began to succeed: told to {@link #startAt}, it shortens that of a row like the last one. */
    int floor() {
        return floor;
    }

    /** Where to begin searching; it changes no result. -1 if there is no idea. */
    void startAt(int floor) {
        this.floor = floor;
    }

    /**
     * The {@link #LEAST} largest of a row of numbers from 0 to 1, in descending order. Valid until the next call; what
     * stands behind them means nothing.
     *
     * @param least smaller numbers than this, and such as equal it, may be missing, with zeros in their places
     */
    float[] of(float[] p, int at, int keys, float least) {
        int found = find(p, at, keys, Float.floatToRawIntBits(least));
        kernels.descending(few, found, sorted);
        if (found < LEAST) {
            Arrays.fill(sorted, found, LEAST, 0);
        }
        return sorted;
    }

    /** Finds 32 to 64 of the largest, or all that exceed {@code least} if there are fewer. */
    private int find(float[] p, int at, int keys, int least) {
        if (keys == 0) {
            return 0;
        }
        int start = floor >= 0 ? floor : Float.floatToRawIntBits(1f / keys);
        int count = search(p, at, keys, least, Math.max(least, start), FIRST_STEP, MANY, many);
        floor = bound;
        if (count <= MOST) {
            System.arraycopy(many, 0, few, 0, count);
            return count;
        }
        int guess = Math.min(bound + further, BITS_OF_TWO - 1);
        int enough = search(many, 0, count, bound, guess, Math.max(LEAST_STEP, further / 2), MOST, few);
        further = Math.clamp(bound - floor, LEAST_STEP, BITS_OF_TWO / 2);
        return enough;
    }

    /**
     * Collects between {@link #LEAST} and {@code most} of the largest, or fewer if no more exceed {@code least}. If too
     * many are equal for that, those that are equal fill up.
     *
     * @param least bits of the least number to try
     * @param middle bits of the first number to try
     * @return how many
     */
    private int search(float[] x, int at, int count, int least, int middle, int step, int most, float[] into) {
        int low = least - 1;
        int high = BITS_OF_TWO;
        while (high - low > 1) {
            int above = kernels.collectAbove(x, at, count, Float.intBitsToFloat(middle), into);
            if (above > most) {
                low = middle;
            } else if (above < LEAST && middle > least) {
                high = middle;
            } else {
                bound = middle;
                return above;
            }
            if (high == BITS_OF_TWO) {
                middle = high - low > step ? low + step : (low + high) >>> 1;
            } else if (low < least) {
                middle = Math.max(least, high - step);
            } else {
                middle = (low + high) >>> 1;
            }
            step = 2 * Math.min(step, BITS_OF_TWO / 2);
        }
        bound = high;
        int above = kernels.collectAbove(x, at, count, Float.intBitsToFloat(high), into);
        // More only if some are no probabilities; who reads the block refuses it then.
        Arrays.fill(into, Math.min(above, LEAST), LEAST, Float.intBitsToFloat(high));
        return LEAST;
    }
}
