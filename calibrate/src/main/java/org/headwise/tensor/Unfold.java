package org.headwise.tensor;

import java.util.Arrays;

/**
 * One convolution of one shape as a matrix product: unfolded pixels (im2col) exist only as a tile of some depths by some
 * pixels at a time.
 */
record Unfold(
        Convolution convolution, int height, int width, int stride, int top, int left, int outHeight, int outWidth) {
    int pixels() {
        return outHeight * outWidth;
    }

    /**
     * Writes depths [{@code from}, {@code from + depth}) of {@code columns} pixels from {@code pixel} on to tile [depth,
     * columns]; pixels past the end are zeros.
     */
    void fill(float[] x, int image, int from, int depth, int pixel, int columns, float[] tile) {
        int kernel = convolution.kernelHeight() * convolution.kernelWidth();
        int last = Math.min(pixels(), pixel + columns);
        if (last == pixel + columns && pixel / outWidth == (last - 1) / outWidth) {
            fillWithinRow(x, image, from, depth, pixel / outWidth, pixel % outWidth, columns, tile);
            return;
        }
        for (int d = 0; d < depth; d++) {
            int channel = (from + d) / kernel;
            int dy = (from + d) % kernel / convolution.kernelWidth() - top;
            int dx = (from + d) % convolution.kernelWidth() - left;
            int plane = image + channel * height * width;
            int at = d * columns;
            for (int p = pixel; p < last; ) {
                int y = p / outWidth;
                int column = p % outWidth;
                int run = Math.min(last - p, outWidth - column);
                int row = y * stride + dy;
                if (row < 0 || row >= height) {
                    Arrays.fill(tile, at, at + run, 0);
                } else {
                    fillRow(x, plane + row * width, column * stride + dx, run, tile, at);
                }
                at += run;
                p += run;
            }
            Arrays.fill(tile, at, (d + 1) * columns, 0);
        }
    }

    /** The usual case of {@link #fill}, pixels of one row only: nothing is divided, and nothing empty is filled. */
    private void fillWithinRow(
            float[] x, int image, int from, int depth, int y, int column, int columns, float[] tile) {
        int plane = image + from / (convolution.kernelHeight() * convolution.kernelWidth()) * height * width;
        int ky = from / convolution.kernelWidth() % convolution.kernelHeight();
        int kx = from % convolution.kernelWidth();
        for (int at = 0; at < depth * columns; at += columns) {
            int row = y * stride + ky - top;
            int source = column * stride + kx - left;
            if (row < 0 || row >= height) {
                Arrays.fill(tile, at, at + columns, 0);
            } else if (stride == 1 && source >= 0 && source + columns <= width) {
                System.arraycopy(x, plane + row * width + source, tile, at, columns);
            } else {
                fillRow(x, plane + row * width, source, columns, tile, at);
            }
            if (++kx == convolution.kernelWidth()) {
                kx = 0;
                if (++ky == convolution.kernelHeight()) {
                    ky = 0;
                    plane += height * width;
                }
            }
        }
    }

    private void fillRow(float[] x, int row, int column, int run, float[] tile, int at) {
        if (stride == 1) {
            int before = Math.clamp(-column, 0, run);
            int inside = Math.clamp(width - column - before, 0, run - before);
            Arrays.fill(tile, at, at + before, 0);
            System.arraycopy(x, row + (inside == 0 ? 0 : column + before), tile, at + before, inside);
            Arrays.fill(tile, at + before + inside, at + run, 0);
            return;
        }
        for (int i = 0; i < run; i++) {
            int source = column + i * stride;
            tile[at + i] = source < 0 || source >= width ? 0 : x[row + source];
        }
    }
}
