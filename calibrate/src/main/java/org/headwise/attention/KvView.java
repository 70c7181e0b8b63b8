package org.headwise.attention;

import java.util.List;

/**
 * What the queries of the current step may attend to in one layer. Every row and kv head may see a different set. Keys
 * are ordered by token, but a cache may have moved some into the places of others that went; {@link #runs} tells. Those
 * of the current step are the last ones, in order. A view is valid until the next call on its cache.
 */
public interface KvView {
    /** Numbers in one key or value. */
    int headDim();

    /** Key/value heads of the layer. */
    int kvHeads();

    /** How many keys this kv head of this batch row sees. */
    int keys(int row, int kvHead);

    /** Copies keys [{@code from}, {@code from + count}) as float32 [count, headDim] to {@code into} at {@code offset}. */
    void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset);

    /** Copies values as {@link #copyKeys} copies keys. */
    void copyValues(int row, int kvHead, int from, int count, float[] into, int offset);

    /**
     * The keys and values as they lie in memory, in the order of the keys, so that a few queries can read them without
     * copies; empty if this view can only copy. They must not be changed.
     */
    default List<KvSpan> spans(int row, int kvHead) {
        return List.of();
    }

    /** Where the keys come from, in the order of the keys; the counts add up to {@link #keys}. */
    List<KeyRun> runs(int row, int kvHead);
}
