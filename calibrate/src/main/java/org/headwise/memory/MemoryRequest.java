package org.headwise.memory;

import org.headwise.tensor.DType;

/**
 * What a run wants to do at once, as far as it takes memory.
 *
 * @param images drawn together
 * @param guided whether every image has a second batch row
 * @param weights number format of the transformer's matrices
 * @param cacheInHeap most bytes of keys and values in the Java heap at any moment
 * @param cacheOutside most bytes of keys and values outside it
 * @param textTokens of the longest prompt
 * @param keptLogits generations whose logits are held together
 * @param statistics bytes of what is measured
 * @param threads that compute
 * @param panel outputs in a panel of packed weights
 */
public record MemoryRequest(
        int images,
        boolean guided,
        DType weights,
        long cacheInHeap,
        long cacheOutside,
        int textTokens,
        int keptLogits,
        long statistics,
        int threads,
        int panel) {
    /** Batch rows. */
    public int rows() {
        return guided ? 2 * images : images;
    }
}
