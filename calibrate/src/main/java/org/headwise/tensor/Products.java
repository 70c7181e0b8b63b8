package org.headwise.tensor;

/**
 * Matrix products with weights that stay the same, done by a library or a device in place of the engine's own
 * {@link Kernels}. Everything is float32 and row-major. Called by one thread at a time.
 */
public interface Products extends AutoCloseable {
    /** For example "ND4J on the processor". */
    String describe();

    /** Takes weight [rows, columns] to where it is multiplied; the array is free again afterwards. */
    Held hold(float[] weight, int rows, int columns);

    /** out [rows, weight's rows] = x [rows, weight's columns] times the transposed weight. */
    void linear(float[] x, int rows, Held weight, float[] out);

    /** out [weight's rows, columns] = weight times x [weight's columns, columns]. */
    void times(Held weight, float[] x, int columns, float[] out);

    /** Releases what is held. */
    @Override
    void close();

    /** Weights in the keeping of the {@link Products} that made them. */
    interface Held {}
}
