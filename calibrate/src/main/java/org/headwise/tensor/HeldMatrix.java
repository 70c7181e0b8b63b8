package org.headwise.tensor;

/**
 * Weights that lie where a {@link Products} wants them.
 *
 * @param storage what the numbers were rounded to before they were handed over as float32
 */
record HeldMatrix(Products.Held held, int outputs, int inputs, DType storage) implements Matrix {
    @Override
    public long bytes() {
        return (long) outputs * inputs * Float.BYTES;
    }
}
