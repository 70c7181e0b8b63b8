package org.headwise.tensor;

/** How an {@link Engine} holds weights and multiplies with them. Sizes are checked by the engine. */
sealed interface LinearWork permits PackedLinear, HeldLinear {
    /**
     * Takes weights over.
     *
     * @param shared whether other threads may read the source
     */
    Matrix pack(Engine engine, Packing.Source source, boolean shared, int outputs, int inputs, DType storage);

    /** Takes weights that are to stay where they lie. */
    Matrix leave(Packing.Stored rows, int outputs, int inputs);

    /** Hands over weights [outputs, depth] of a convolution; null where they are used as they lie in the array. */
    Products.Held hold(float[] weight, int outputs, int depth);

    /** out [..., outputs] = x [..., inputs] times the transposed weights, plus bias if it is not null. */
    void apply(Engine engine, Tensor x, Matrix weight, float[] bias, Tensor out);

    /** As {@link #apply} without bias for several weights of the same x, in any order. */
    default void applyAll(Engine engine, Tensor x, Matrix[] weights, Tensor[] out) {
        for (int i = 0; i < weights.length; i++) {
            apply(engine, x, weights[i], null, out[i]);
        }
    }

    /** out [B, outputs, pixels] = the convolution of x, plus bias if it is not null. */
    void convolve(Engine engine, Tensor x, Unfold unfold, float[] bias, Tensor out);

    /** Releases what is held outside this process' own memory. */
    void close();
}
