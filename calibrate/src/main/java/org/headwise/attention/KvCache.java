package org.headwise.attention;

import java.util.List;
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
     * The same, with what only some rules need.
     *
     * @param rows what the batch rows are
     * @param turn moves keys to other positions; null if the positions of this model are not on a line
     */
    default void begin(Geometry geometry, List<BatchRow> rows, KeyTurn turn) {
        begin(geometry, rows.size());
    }

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

    /**
     * Where the attention that the keys of this layer receive in this step is to be summed up; null if the cache does not
     * want to know. Asked after {@link #append}; filled when {@link #queries} and
     * {@link #attended} are called.
     */
    default Received receives(int layer, int step) {
        return null;
    }

    /** The attention of this layer and step is over: rules that take effect here may release memory. */
    void attended(int layer, int step);

    /** Bytes held so far, step by step. */
    Ledger ledger();

    /** Releases all memory; the ledger stays readable. */
    @Override
    void close();
}
