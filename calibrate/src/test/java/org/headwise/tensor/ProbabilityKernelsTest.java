package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProbabilityKernelsTest {
    private static final int[] SIZES = {1, 4, 6, 8, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 511, 512, 513, 1031, 4098};

    private final Kernels plain = new ScalarKernels();
    private final Kernels fast = Kernels.fastest();

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
            int whole = Math.min(all, room);
            assertEquals(
                    Arrays.toString(Arrays.copyOf(expected, whole)),
                    Arrays.toString(Arrays.copyOf(found, whole)),
                    where);
        }
    }

    @Test
    void sortsIntoDescendingOrder() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int count = 0; count <= 64; count++) {
            float[] x = probabilities(64 + fast.lanes(), random);
            for (int i = random.nextInt(3); i < count; i += 1 + random.nextInt(20)) {
                x[i] = x[count / 2];
            }
            float[] expected = Arrays.copyOf(x, count);
            Arrays.sort(expected);
            float[] found = new float[64];
            fast.descending(x.clone(), count, found);
            for (int i = 0; i < count; i++) {
                assertEquals(expected[count - 1 - i], found[i], "seed " + seed + ", count " + count + ", place " + i);
            }
            float[] again = new float[64];
            plain.descending(x, count, again);
            assertEquals(
                    Arrays.toString(Arrays.copyOf(found, count)),
                    Arrays.toString(Arrays.copyOf(again, count)),
                    "seed " + seed + ", count " + count);
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
