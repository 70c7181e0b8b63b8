package org.headwise.tensor;

/** Weights [outputs, inputs] of a linear layer, held in the way that the engine which made them can multiply with. */
public sealed interface Matrix permits PackedMatrix, HeldMatrix, FileMatrix {
    int outputs();

    int inputs();

    /** F32, BF16 or F16: what the numbers are rounded to. */
    DType storage();

    /** Bytes that the weights take. */
    long bytes();
}
