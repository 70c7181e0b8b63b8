package org.headwise.attention;

import java.util.List;
import org.headwise.files.InputRefused;
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
     * Caches for the parts of a batch whose prompts have other lengths, each with a geometry of its own. They are begun one
     * after the other before any of them is appended to, and take every step together. They share this cache's limit, its
     * ledger counts all of them, and closing it closes them.
     *
     * @param count how many; a batch of one part lies in this cache itself
     */
    default List<KvCache> parts(int count) {
        if (count == 1) {
            return List.of(this);
        }
        throw new InputRefused("this cache holds a batch of prompts of one length only, and they have several;"
                + " draw them one by one, or prompts of one length together");
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
