package org.headwise.tensor;

import java.util.Arrays;

/**
 * A convolution down to very few channels, such as the colours of an image. Unfolding would cost more than the product
 * here, so the pixels of a row are multiplied once with the weights of all kernel positions, and each product is added to
 * the output that its position belongs to.
 *
 * @param taps weights as [kernelHeight, kernelWidth, outputs, inputs]
 */
record NarrowConvolution(Unfold shape, float[] taps) {
    private static final int MOST_OUTPUTS = 4;

    /** With fewer, there is little to multiply. */
    private static final int LEAST_INPUTS = 16;

    /** Numbers of a row copied at a time: they should stay in the first-level cache for all weights. */
    private static final int PIECE = 8 * 1024;

    /** Rows of outputs of one task; the rows of inputs around them are read once more. */
    private static final int ROWS = 16;

    static boolean fits(Unfold shape, Kernels kernels) {
        Convolution w = shape.convolution();
        int right = shape.outWidth() + w.kernelWidth() - 1 - shape.width() - shape.left();
        return shape.stride() == 1
                && w.outputs() <= MOST_OUTPUTS
                && w.inputs() >= LEAST_INPUTS
                && shape.width() % kernels.lanes() == 0
                && Math.max(shape.left(), right) < w.kernelWidth();
    }

    static NarrowConvolution of(Unfold shape) {
        Convolution w = shape.convolution();
        int positions = w.kernelHeight() * w.kernelWidth();
        float[] taps = new float[w.weight().length];
        for (int o = 0; o < w.outputs(); o++) {
            for (int c = 0; c < w.inputs(); c++) {
                for (int p = 0; p < positions; p++) {
                    taps[(p * w.outputs() + o) * w.inputs() + c] = w.weight()[(o * w.inputs() + c) * positions + p];
                }
            }
        }
        return new NarrowConvolution(shape, taps);
    }

    /** Tasks per image. */
    int tasks() {
        return Math.ceilDiv(shape.outHeight(), ROWS);
    }

    /** Writes the outputs of one task of one image. */
    void run(Kernels kernels, Scratch scratch, float[] x, int image, int task, float[] bias, float[] out) {
        Convolution w = shape.convolution();
        int first = task * ROWS;
        int end = Math.min(first + ROWS, shape.outHeight());
        // Outputs of a row, and those beside it that the kernel shifts to but that are not wanted.
        int stride = shape.width() + w.kernelWidth() - 1;
        float[] sums = scratch.floats(1, (end - first) * w.outputs() * stride);
        for (int row = 0; row < (end - first) * w.outputs(); row++) {
            Arrays.fill(sums, row * stride, (row + 1) * stride, bias == null ? 0 : bias[row % w.outputs()]);
        }
        int most = Math.clamp(PIECE / shape.width(), 8, w.inputs());
        float[] piece = scratch.floats(0, most * shape.width());
        float[] products = scratch.floats(2, positions() * w.outputs() * shape.width());
        int firstInput = Math.max(0, first - shape.top());
        int endInput = Math.min(shape.height(), end + w.kernelHeight() - 1 - shape.top());
        for (int y = firstInput; y < endInput; y++) {
            for (int from = 0; from < w.inputs(); from += most) {
                int depth = Math.min(most, w.inputs() - from);
                for (int c = 0; c < depth; c++) {
                    int plane = (image * w.inputs() + from + c) * shape.height();
                    System.arraycopy(x, (plane + y) * shape.width(), piece, c * shape.width(), shape.width());
                }
                kernels.product(
                        taps,
                        from,
                        w.inputs(),
                        positions() * w.outputs(),
                        piece,
                        0,
                        shape.width(),
                        shape.width(),
                        depth,
                        products,
                        0,
                        shape.width(),
                        from > 0);
            }
            spread(kernels, products, y, first, end, sums, stride);
        }
        int shift = w.kernelWidth() - 1 - shape.left();
        for (int y = first; y < end; y++) {
            for (int o = 0; o < w.outputs(); o++) {
                int plane = (image * w.outputs() + o) * shape.outHeight();
                int row = ((y - first) * w.outputs() + o) * stride;
                System.arraycopy(sums, row + shift, out, (plane + y) * shape.outWidth(), shape.outWidth());
            }
        }
    }

    /** Adds the products of input row y to all outputs that they belong to. */
    private void spread(Kernels kernels, float[] products, int y, int first, int end, float[] sums, int stride) {
        Convolution w = shape.convolution();
        for (int row = 0; row < positions() * w.outputs(); row++) {
            int position = row / w.outputs();
            int into = y + shape.top() - position / w.kernelWidth();
            if (into >= first && into < end) {
                int shift = w.kernelWidth() - 1 - position % w.kernelWidth();
                int at = ((into - first) * w.outputs() + row % w.outputs()) * stride + shift;
                kernels.add(sums, at, products, row * shape.width(), shape.width());
            }
        }
    }

    private int positions() {
        return shape.convolution().kernelHeight() * shape.convolution().kernelWidth();
    }
}
