package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TransposeTest {
    private static final int[] SIZES = {1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 48, 63, 64, 65, 128};

    @Test
    void movesTheBitsOfEveryNumberAndTouchesNothingElse() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Kernels plain = new ScalarKernels();
        Kernels fast = Kernels.fastest();
        for (int rows : SIZES) {
            for (int columns : SIZES) {
                int at = random.nextInt(9);
                int stride = columns + random.nextInt(20);
                int intoStride = rows + random.nextInt(20);
                float[] x = new float[at + rows * stride];
                for (int i = 0; i < x.length; i++) {
                    // Zeros with a sign and numbers that are not quite zero must survive too.
                    x[i] = switch (random.nextInt(8)) {
                        case 0 -> -0f;
                        case 1 -> Float.MIN_VALUE;
                        case 2 -> Float.NEGATIVE_INFINITY;
                        default -> random.nextFloat() - 0.5f;
                    };
                }
                float[] expected = new float[at + columns * intoStride];
                float[] found = expected.clone();
                plain.transpose(x, at, stride, rows, columns, expected, at, intoStride);
                fast.transpose(x, at, stride, rows, columns, found, at, intoStride);
                assertArrayEquals(expected, found, "seed " + seed + ", " + rows + " x " + columns);
            }
        }
    }
}
