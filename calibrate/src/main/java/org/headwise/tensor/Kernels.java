package org.headwise.tensor;

/**
 * The arithmetic that an {@link Engine} is made of, on rows and blocks of plain arrays: one implementation in plain
 * loops, one with the Vector API. All of it is free of state and of threads; splitting the work is the engine's business.
 */
public interface Kernels {
    /** For example "vector 512-bit". */
    String describe();

    /** Columns given to {@link #product} are a multiple of this. */
    int lanes();

    /** Columns of one panel of a packed {@link PackedMatrix}: a multiple of twice the lanes. */
    int panel();

    /**
     * c [rows, columns] = a [rows, depth] times b [depth, columns], or added to c. The order of additions of one number
     * depends on {@code depth} alone, never on the rows beside it.
     */
    void product(
            float[] a,
            int aAt,
            int aStride,
            int rows,
            float[] b,
            int bAt,
            int bStride,
            int columns,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add);

    /** How many neighbouring panels of packed weights a product of so many rows reads best at once. */
    int panelsAtOnce(int rows, DType storage);

    /**
     * As {@link #product} with depths [{@code from}, {@code from + depth}) of neighbouring panels of packed weights.
     *
     * @param panels at most {@link #panelsAtOnce}
     * @param tile room for depth times {@link #panel} numbers
     */
    void packedProduct(
            float[] a,
            int aAt,
            int aStride,
            int rows,
            PackedMatrix weight,
            int panel,
            int panels,
            int from,
            int depth,
            float[] tile,
            float[] c,
            int cAt,
            int cStride,
            boolean add);

    /** into [columns, rows] = x [rows, columns] transposed; the rows of both have their own stride. */
    void transpose(float[] x, int at, int stride, int rows, int columns, float[] into, int intoAt, int intoStride);

    /** Dot products of {@code a} with {@code rows} rows of b [rows, depth]. */
    void dots(float[] a, int aAt, float[] b, int bAt, int bStride, int rows, int depth, float[] c, int cAt);

    /**
     * Softmax of {@code count} numbers in place.
     *
     * @return the Shannon entropy of the result in nats, for up to 16,384 numbers within 2e-5; NaN if one of them was not
     *     finite
     */
    double softmax(float[] x, int at, int count);

    /**
     * Layer norm of one row: (x - mean) / sqrt(variance + eps), times (base + scale), plus shift. Without scale and shift
     * (both null) only the first part.
     */
    void layerNorm(
            float[] x,
            int at,
            int count,
            float eps,
            float base,
            float[] scale,
            int scaleAt,
            float[] shift,
            int shiftAt,
            float[] into,
            int intoAt);

    /** RMS norm of one row: x / sqrt(mean of squares + eps) times weight. */
    void rmsNorm(float[] x, int at, int count, float eps, float[] weight, float[] into, int intoAt);

    /** GELU in its tanh form, in place. */
    void gelu(float[] x, int at, int count);

    /** x times sigmoid of x, in place. */
    void silu(float[] x, int at, int count);

    /** x += y. */
    void add(float[] x, int at, float[] y, int yAt, int count);

    /** x += gamma * y, number by number. */
    void addScaled(float[] x, int at, float[] y, int yAt, float[] gamma, int gammaAt, int count);

    /** Mean and biased variance of {@code count} numbers. */
    Moments moments(float[] x, int at, int count);

    /** into = x * factor + offset. */
    void affine(float[] x, int at, int count, float factor, float offset, float[] into, int intoAt);

    /** Sum of x^2 over {@code count} numbers. */
    double sumOfSquares(float[] x, int at, int count);

    /**
     * Collects, in their order, the numbers that exceed {@code least}.
     *
     * @param into receives them as far as there is room; the last {@link #lanes} places may be left unused or hold
     *     anything
     * @return how many there are, also when there was no room for all
     */
    int collectAbove(float[] x, int at, int count, float least, float[] into);

    /**
     * Sorts numbers that are not negative into descending order.
     *
     * @param x has room for whole vectors
     * @param count at most 64
     */
    void descending(float[] x, int count, float[] into);

    /** The fastest that this machine can run, for code that has no {@link Engine} at hand. */
    static Kernels fastest() {
        return VectorSupport.missing().isPresent() ? new ScalarKernels() : new VectorKernels();
    }

    /** @param variance biased */
    record Moments(double mean, double variance) {}
}
