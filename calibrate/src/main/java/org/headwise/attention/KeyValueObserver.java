package org.headwise.attention;

import org.headwise.model.Geometry;

/** Code that looks at keys and values as a model appends them to its cache, in the order of the steps, on one thread. */
@FunctionalInterface
public interface KeyValueObserver {
    /**
     * What a layer appends in one step; the arrays are valid only during the call.
     *
     * @param geometry of the generation
     * @param guided whether rows are conditional and unconditional in turn, else all are conditional
     * @param keys [rows, tokens of the step, kvHeads, headDim]
     * @param values the same shape
     */
    record Appended(Geometry geometry, boolean guided, int layer, int step, float[] keys, float[] values) {}

    void appended(Appended appended);
}
