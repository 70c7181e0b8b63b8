package org.headwise.tensor;

/** Weights that stay row-major where they lie, in a mapped file for example: every use brings them into panels anew. */
record FileMatrix(Packing.Stored rows, int outputs, int inputs) implements Matrix {
    @Override
    public DType storage() {
        return rows.type();
    }

    @Override
    public long bytes() {
        return rows.weight().byteSize();
    }
}
