package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProbabilityKernelsTest {
    private static final int[] SIZES = {1, 4, 6, 8, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 511, 512, 513, 1031, 4098};

    private final Kernels plain = new ScalarKernels();
    private final Kernels fast = Kernels.fastest();

    @Test
    void entropiesAreThoseOfTheLogarithm() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int count : SIZES) {
            int at = random.nextInt(5);
            float[] x = probabilities(at + count + 3, random);
            double exact = plain.sumXLogX(x, at, count);
            double found = fast.sumXLogX(x, at, count);
            assertEquals(exact, found, 1e-6 * Math.abs(exact) + 1e-12, "seed " + seed + ", count " + count);
        }
    }

    @Test
    void squaresAreAddedUp() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int count : SIZES) {
            int at = random.nextInt(5);
            float[] x = probabilities(at + count + 3, random);
            double exact = plain.sumOfSquares(x, at, count);
            double found = fast.sumOfSquares(x, at, count);
            assertEquals(exact, found, 1e-6 * exact, "seed " + seed + ", count " + count);
        }
    }

    @Test
    void singleLogarithmsStayWithinTheirBound() {
        assertEquals(0, fast.sumXLogX(new float[] {1}, 0, 1));
        assertEquals(0, fast.sumXLogX(new float[] {0, 0, 0}, 0, 3));
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 200_000; i++) {
            float x = i % 2 == 0
                    ? (float) Math.exp(-80 * random.nextDouble())
                    : Float.intBitsToFloat(0x3f800000 - random.nextInt(1 << 24));
            double exact = x * Math.log(x);
            double found = fast.sumXLogX(new float[] {x}, 0, 1);
            assertTrue(
                    Math.abs(found - exact) <= 5e-7 * Math.abs(exact) + 1e-38, x + ": " + found + ", exact " + exact);
        }
    }

    @Test
    void collectsWhatExceedsAndCountsWhatHasNoRoom() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int count : SIZES) {
            int at = random.nextInt(5);
            float[] x = probabilities(at + count + 3, random);
            float least = random.nextInt(4) == 0 ? -1 : x[at + random.nextInt(count)];
            int room = random.nextInt(count + 1);
            float[] expected = new float[room];
            float[] found = new float[room + fast.lanes()];
            int all = plain.collectAbove(x, at, count, least, expected);
            String where = "seed " + seed + ", count " + count + ", least " + least;
            assertEquals(all, fast.collectAbove(x, at, count, least, found), where);
            assertEquals(all, fast.countAbove(x, at, count, least), where);
            assertEquals(all, plain.countAbove(x, at, count, least), where);
            int whole = Math.min(all, room);
            assertEquals(
                    Arrays.toString(Arrays.copyOf(expected, whole)),
                    Arrays.toString(Arrays.copyOf(found, whole)),
                    where);
        }
    }

    /** Shares of mass as a softmax leaves them: mostly tiny, some zero. */
    private static float[] probabilities(int count, SplittableRandom random) {
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = random.nextInt(10) == 0 ? 0 : (float) (Math.exp(3 * random.nextGaussian()) / count / 90);
        }
        return x;
    }
}
