package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class ConvolutionTest {
    @Test
    void agreesWithSumsInDoublePrecision() {
        Cases cases = Cases.fresh();
        for (Engine engine : Cases.engines()) {
            try (engine) {
                for (int kernel : new int[] {1, 3, 4}) {
                    for (int stride : new int[] {1, 2}) {
                        int[] pads = {cases.upTo(3) - 1, cases.upTo(3) - 1, cases.upTo(3) - 1, cases.upTo(3) - 1};
                        check(engine, cases, cases.upTo(70), cases.upTo(7), kernel, stride, pads, 3 + cases.upTo(15));
                    }
                }
                check(engine, cases, 130, 3, 3, 1, new int[] {1, 1, 1, 1}, 16);
                check(engine, cases, 3, 3, 3, 2, new int[] {0, 0, 1, 1}, 16);
                for (int kernel = 1; kernel <= 4; kernel++) {
                    int[] pads = {cases.upTo(3) - 1, cases.upTo(3) - 1, cases.upTo(3) - 1, cases.upTo(3) - 1};
                    // Widths of whole vectors, where few outputs have a way of their own; two blocks of inputs.
                    check(
                            engine,
                            cases,
                            15 + cases.upTo(150),
                            cases.upTo(4),
                            kernel,
                            1,
                            pads,
                            3 + cases.upTo(30),
                            16 * cases.upTo(9));
                }
                check(engine, cases, 2, 2, 3, 1, new int[] {1, 1, 1, 1}, 1);
            }
        }
    }

    private static void check(
            Engine engine, Cases cases, int inputs, int outputs, int kernel, int stride, int[] pads, int height) {
        check(engine, cases, inputs, outputs, kernel, stride, pads, height, height + cases.upTo(60) - 1);
    }

    private static void check(
            Engine engine,
            Cases cases,
            int inputs,
            int outputs,
            int kernel,
            int stride,
            int[] pads,
            int height,
            int width) {
        Tensor x = cases.tensor(2, inputs, height, width);
        float[] weight = cases.floats(outputs * inputs * kernel * kernel);
        float[] bias = cases.upTo(2) == 1 ? null : cases.floats(outputs);
        Convolution packed = engine.packConvolution(weight, outputs, inputs, kernel, kernel);
        Tensor actual = engine.conv2d(x, packed, bias, stride, pads[0], pads[1], pads[2], pads[3]);
        int outHeight = (height + pads[0] + pads[2] - kernel) / stride + 1;
        int outWidth = (width + pads[1] + pads[3] - kernel) / stride + 1;
        assertArrayEquals(new int[] {2, outputs, outHeight, outWidth}, actual.shape());
        double[] expected = new double[actual.size()];
        int at = 0;
        for (int image = 0; image < 2; image++) {
            for (int o = 0; o < outputs; o++) {
                for (int y = 0; y < outHeight; y++) {
                    for (int i = 0; i < outWidth; i++) {
                        double sum = bias == null ? 0 : bias[o];
                        for (int c = 0; c < inputs; c++) {
                            for (int k = 0; k < kernel * kernel; k++) {
                                int row = y * stride + k / kernel - pads[0];
                                int column = i * stride + k % kernel - pads[1];
                                if (row >= 0 && row < height && column >= 0 && column < width) {
                                    sum += (double) weight[(o * inputs + c) * kernel * kernel + k]
                                            * x.data()[((image * inputs + c) * height + row) * width + column];
                                }
                            }
                        }
                        expected[at++] = sum;
                    }
                }
            }
        }
        String what =
                engine.describe() + ", " + x + " with " + outputs + " kernels of " + kernel + ", stride " + stride;
        cases.close(what, expected, actual.data(), 3e-6 * inputs * kernel * kernel, 1e-6);
    }

    @Test
    void repeatsPixels() {
        try (Engine engine = Engine.scalar(1)) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
            assertArrayEquals(
                    new float[] {1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6},
                    engine.upsampleNearest(x, 2).data());
        }
    }
}
