package org.headwise.attention;

import java.util.List;

/**
 * Keys and values in plain arrays, for cross attention: every batch row has its own number of them.
 */
public final class ArrayKeys implements KvView {
    private final float[] keys;
    private final float[] values;
    private final int[] starts;
    private final int kvHeads;
    private final int headDim;

    /**
     * @param keys [sum of counts, kvHeads, headDim], used without copying
     * @param values the same shape
     * @param starts prefix sums of the counts: row r has keys [starts[r], starts[r + 1])
     */
    public ArrayKeys(float[] keys, float[] values, int[] starts, int kvHeads, int headDim) {
        long expected = (long) starts[starts.length - 1] * kvHeads * headDim;
        if (keys.length != expected || values.length != expected) {
            throw new IllegalArgumentException(keys.length + " numbers of keys and " + values.length
                    + " of values where " + expected + " are expected");
        }
        this.keys = keys;
        this.values = values;
        this.starts = starts.clone();
        this.kvHeads = kvHeads;
        this.headDim = headDim;
    }

    @Override
    public int headDim() {
        return headDim;
    }

    @Override
    public int kvHeads() {
        return kvHeads;
    }

    @Override
    public int keys(int row, int kvHead) {
        return starts[row + 1] - starts[row];
    }

    @Override
    public void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset) {
        copy(keys, row, kvHead, from, count, into, offset);
    }

    @Override
    public void copyValues(int row, int kvHead, int from, int count, float[] into, int offset) {
        copy(values, row, kvHead, from, count, into, offset);
    }

    private void copy(float[] source, int row, int kvHead, int from, int count, float[] into, int offset) {
        for (int i = 0; i < count; i++) {
            int at = ((starts[row] + from + i) * kvHeads + kvHead) * headDim;
            System.arraycopy(source, at, into, offset + i * headDim, headDim);
        }
    }

    /** One run of step -1: these keys belong to no step. */
    @Override
    public List<KeyRun> runs(int row, int kvHead) {
        return List.of(new KeyRun(-1, 0, keys(row, kvHead)));
    }
}
