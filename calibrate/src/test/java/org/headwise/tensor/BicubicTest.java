package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Cubic resizing by what the kernel of Keys with a = -0.75 must do. */
class BicubicTest {
    @Test
    void aTargetPixelIsTheWeightedSumOfFour() {
        // Doubling puts pixel 4 at source position 1.75: distances 1.75, 0.75, 0.25, 1.25 to pixels 0 to 3.
        double[] distances = {1.75, 0.75, 0.25, 1.25};
        float[] x = {3, -1, 4, 2, 5};
        double expected = 0;
        for (int tap = 0; tap < 4; tap++) {
            expected += keys(distances[tap]) * x[tap];
        }
        Tensor out = Resize.bicubic(Tensor.of(x, 1, 1, 1, 5), 1, 10);
        assertEquals(expected, out.data()[4], 1e-6);
    }

    private static double keys(double d) {
        double a = -0.75;
        return d <= 1
                ? (a + 2) * Math.pow(d, 3) - (a + 3) * d * d + 1
                : a * Math.pow(d, 3) - 5 * a * d * d + 8 * a * d - 4 * a;
    }

    @Test
    void constantsStayAndEdgesAreRepeated() {
        float[] three = new float[4 * 6];
        java.util.Arrays.fill(three, 3);
        float[] expected = new float[7 * 13];
        java.util.Arrays.fill(expected, 3);
        assertArrayEquals(
                expected, Resize.bicubic(Tensor.of(three, 1, 1, 4, 6), 7, 13).data(), 1e-5f);
        assertArrayEquals(
                new float[] {2, 2, 2, 2, 9, 9, 9, 9},
                Resize.bicubic(Tensor.of(new float[] {2, 9}, 2, 1, 1), 2, 2).data(),
                1e-5f);
    }

    @Test
    void axesAreIndependent() {
        float[] x = {1, 5, 2, 8, 3, 9, 4, 7, 6, 0, 2, 1};
        Tensor both = Resize.bicubic(Tensor.of(x, 1, 3, 4), 5, 9);
        Tensor columns = Resize.bicubic(Tensor.of(x, 1, 3, 4), 3, 9);
        assertArrayEquals(both.data(), Resize.bicubic(columns, 5, 9).data(), 1e-5f);
    }
}
