package org.headwise.attention;

import org.headwise.model.Geometry;

/**
 * The keys and values of one generation. The model appends each layer of each step, attends through the view, and says
 * when the attention of that layer is over; what is kept is the cache's business. Used by one thread, except that views
 * are read by many.
 */
public interface KvCache extends AutoCloseable {
    /** Starts a generation of {@code rows} batch rows; whatever was kept before is released. */
    void begin(Geometry geometry, int rows);

    /**
     * Adds the keys and values of one step of one layer.
     *
     * @param keys [rows, tokens of the step, kvHeads, headDim], ready for the dot product (normalised, rotated)
     * @param values the same shape
     */
    void append(int layer, int step, float[] keys, float[] values);

    /** What the queries of {@code step}, the step last appended to {@code layer}, may attend to. */
    KvView view(int layer, int step);

    /** Whether {@link #queries} wants to be called for this layer and step; asked after {@link #append}. */
    default boolean wantsQueries(int layer, int step) {
        return false;
    }

    /** The queries of this layer and step, before {@link #attended}; only if they are wanted. */
    default void queries(int layer, int step, Queries queries) {}

    /** The attention of this layer and step is over: rules that take effect here may release memory. */
    void attended(int layer, int step);

    /** Bytes held so far, step by step. */
    Ledger ledger();

    /** Releases all memory; the ledger stays readable. */
    @Override
    void close();
}
