package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Norms, activations, softmax and sums of both kernel families against formulas in double precision. */
class RowOperationsTest {
    private static final int[] WIDTHS = {1, 2, 3, 4, 6, 8, 13, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 128, 1000, 9001};
    private static final float EPS = 1e-6f;

    @Test
    void norms() {
        Cases cases = Cases.fresh();
        for (Engine engine : Cases.engines()) {
            try (engine) {
                for (int width : WIDTHS) {
                    int rows = cases.upTo(3);
                    int n = cases.upTo(5);
                    Tensor x = cases.tensor(rows, n, width);
                    for (int i = 0; i < x.size(); i++) {
                        x.data()[i] = x.data()[i] * 3 + 2;
                    }
                    Tensor scale = cases.tensor(rows, width);
                    Tensor shift = cases.tensor(rows, width);
                    float[] weight = cases.floats(width);
                    float[] bias = cases.floats(width);
                    double[] plain = normal(x.data(), width);
                    double[] affine = plain.clone();
                    double[] modulated = plain.clone();
                    double[] rms = new double[plain.length];
                    for (int i = 0; i < plain.length; i++) {
                        int c = i % width;
                        int at = i / (n * width) * width + c;
                        affine[i] = plain[i] * weight[c] + bias[c];
                        modulated[i] = plain[i] * (1 + (double) scale.data()[at]) + shift.data()[at];
                        rms[i] = x.data()[i] / rootMeanSquare(x.data(), i / width * width, width) * weight[c];
                    }
                    String what = engine.describe() + ", width " + width;
                    // A single number is its own mean, and a few may happen to be alike: what is left then is rounding,
                    // magnified by eps.
                    double atol = width < 4 ? 2e-3 : 2e-5;
                    cases.close(
                            "layer norm, " + what,
                            plain,
                            engine.layerNorm(x, null, null, EPS).data(),
                            atol,
                            1e-5);
                    cases.close(
                            "affine, " + what,
                            affine,
                            engine.layerNorm(x, weight, bias, EPS).data(),
                            atol,
                            1e-5);
                    cases.close(
                            "modulated, " + what,
                            modulated,
                            engine.modulatedLayerNorm(x, scale, shift, EPS).data(),
                            2 * atol,
                            1e-5);
                    cases.close(
                            "rms, " + what, rms, engine.rmsNorm(x, weight, EPS).data(), 1e-6, 1e-5);
                }
            }
        }
    }

    @Test
    void groupNorm() {
        Cases cases = Cases.fresh();
        for (Engine engine : Cases.engines()) {
            try (engine) {
                for (int side : new int[] {1, 3, 4, 7, 65}) {
                    Tensor x = cases.tensor(2, 12, side, side + 1);
                    float[] weight = cases.floats(12);
                    float[] bias = cases.floats(12);
                    double[] expected = normal(x.data(), 4 * side * (side + 1));
                    for (int i = 0; i < expected.length; i++) {
                        int channel = i / (side * (side + 1)) % 12;
                        expected[i] = expected[i] * weight[channel] + bias[channel];
                    }
                    float[] actual = engine.groupNorm(x, 3, weight, bias, EPS).data();
                    cases.close("group norm, " + engine.describe() + ", side " + side, expected, actual, 5e-5, 1e-5);
                }
            }
        }
    }

    private static double[] normal(float[] x, int width) {
        double[] out = new double[x.length];
        for (int row = 0; row < x.length; row += width) {
            double mean = 0;
            double squares = 0;
            for (int i = row; i < row + width; i++) {
                mean += (double) x[i] / width;
            }
            for (int i = row; i < row + width; i++) {
                squares += (x[i] - mean) * (x[i] - mean);
            }
            for (int i = row; i < row + width; i++) {
                out[i] = (x[i] - mean) / Math.sqrt(squares / width + EPS);
            }
        }
        return out;
    }

    private static double rootMeanSquare(float[] x, int at, int width) {
        double squares = 0;
        for (int i = at; i < at + width; i++) {
            squares += (double) x[i] * x[i];
        }
        return Math.sqrt(squares / width + EPS);
    }

    @Test
    void activations() {
        DoubleUnaryOperator silu = v -> v / (1 + Math.exp(-v));
        DoubleUnaryOperator gelu = v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
        Cases cases = Cases.fresh();
        for (Engine engine : Cases.engines()) {
            try (engine) {
                for (int width : WIDTHS) {
                    Tensor x = cases.tensor(2, width);
                    for (int i = 0; i < x.size(); i++) {
                        x.data()[i] *= 4;
                    }
                    x.data()[0] = cases.upTo(2) == 1 ? 300 : -300;
                    Tensor y = x.copy();
                    engine.silu(y);
                    cases.close("silu, " + engine.describe(), map(x, silu), y.data(), 1e-6, 2e-6);
                    y = x.copy();
                    engine.gelu(y);
                    cases.close("gelu, " + engine.describe(), map(x, gelu), y.data(), 1e-6, 2e-6);
                }
                Tensor broken = Tensor.of(new float[] {Float.NaN, 1, Float.NaN}, 3);
                engine.gelu(broken);
                engine.silu(broken);
                assertTrue(Float.isNaN(broken.data()[0]) && Float.isNaN(broken.data()[2]), engine.describe());
                assertFalse(Float.isNaN(broken.data()[1]), engine.describe());
            }
        }
    }

    private static double[] map(Tensor x, DoubleUnaryOperator function) {
        double[] out = new double[x.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = function.applyAsDouble(x.data()[i]);
        }
        return out;
    }

    @Test
    void sums() {
        Cases cases = Cases.fresh();
        for (Engine engine : Cases.engines()) {
            try (engine) {
                for (int width : WIDTHS) {
                    Tensor x = cases.tensor(2, 3, width);
                    Tensor y = cases.tensor(2, 3, width);
                    Tensor gamma = cases.tensor(2, width);
                    double[] sum = new double[x.size()];
                    double[] scaled = new double[x.size()];
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] = (double) x.data()[i] + y.data()[i];
                        double factor = gamma.data()[i / (3 * width) * width + i % width];
                        scaled[i] = x.data()[i] + factor * y.data()[i];
                    }
                    Tensor z = x.copy();
                    engine.add(z, y);
                    cases.close("add, " + engine.describe(), sum, z.data(), 1e-7, 1e-7);
                    z = x.copy();
                    engine.addScaled(z, y, gamma);
                    cases.close("addScaled, " + engine.describe(), scaled, z.data(), 1e-6, 1e-6);
                }
            }
        }
    }

    /** exp of the vector kernels is within 2e-7 over its whole range: the ratio to the largest tells it. */
    @Test
    void softmaxIsAccurate() {
        Cases cases = Cases.fresh();
        for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
            double worst = 0;
            for (int i = 0; i <= 86_000; i++) {
                float score = -i / 1000f;
                float[] row = {0, score};
                kernels.softmax(row, 0, 2);
                double expected = Math.exp(score) / (1 + Math.exp(score));
                worst = Math.max(worst, Math.abs(row[1] / expected - 1));
            }
            // One more rounding for the sum and one for the quotient.
            assertTrue(worst < 4e-7, kernels.describe() + " is off by " + worst);
            for (int width : WIDTHS) {
                float[] row = cases.floats(width + 5);
                double[] expected = new double[width];
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    row[i + 3] *= 5;
                    sum += Math.exp(row[i + 3]);
                }
                for (int i = 0; i < width; i++) {
                    expected[i] = Math.exp(row[i + 3]) / sum;
                }
                float before = row[2];
                float after = row[width + 3];
                double entropy = kernels.softmax(row, 3, width);
                double exact =
                        -Arrays.stream(expected).map(p -> p * Math.log(p)).sum();
                assertEquals(exact, entropy, 2e-5, kernels.describe() + ", seed " + cases.seed());
                cases.close(kernels.describe(), expected, Arrays.copyOfRange(row, 3, width + 3), 1e-9, 5e-6);
                assertEquals(before, row[2]);
                assertEquals(after, row[width + 3]);
            }
        }
    }

    /** A sink swallows small numbers that are added to it, and many equal ones are all rounded the same way. */
    @Test
    void entropiesOfLongRowsStayWithinTheirBound() {
        for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
            for (int width : new int[] {521, 4160, 16_384}) {
                for (int large : new int[] {1, 2, width / 2}) {
                    for (float low = -0.3f; low > -20; low -= 0.4f) {
                        float[] row = new float[width];
                        Arrays.fill(row, large, width, low);
                        double sum = large + (width - large) * Math.exp(low);
                        double exact = Math.log(sum) - (width - large) * Math.exp(low) * low / sum;
                        String where = kernels.describe() + ", " + large + " of " + width + " above " + low;
                        assertEquals(exact, kernels.softmax(row, 0, width), 2e-5, where);
                    }
                }
            }
        }
    }

    @Test
    void softmaxNoticesEveryBrokenScore() {
        for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
            for (int width : new int[] {1, 5, 16, 37, 64}) {
                for (int at = 0; at < width; at++) {
                    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                        float[] row = new float[width];
                        row[at] = bad;
                        double entropy = kernels.softmax(row, 0, width);
                        assertTrue(Double.isNaN(entropy), kernels.describe() + ", " + bad + " at " + at);
                    }
                }
                float[] row = new float[width];
                row[0] = -3e38f;
                int others = Math.max(1, width - 1);
                assertEquals(Math.log(others), kernels.softmax(row, 0, width), 1e-6, kernels.describe());
                row[0] = -3e38f;
                row[width - 1] = 3e38f;
                assertEquals(0, kernels.softmax(row, 0, width), kernels.describe());
            }
            float[] same = {-3e38f, -3e38f};
            assertEquals(Math.log(2), kernels.softmax(same, 0, 2), 1e-7);
            assertArrayEquals(new float[] {0.5f, 0.5f}, same);
        }
    }
}
