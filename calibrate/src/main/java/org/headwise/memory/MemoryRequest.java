package org.headwise.memory;

/**
 * What a run wants to do at once, as far as it takes memory.
 *
 * @param images drawn together
 * @param guided whether every image has a second batch row
 * @param decodes whether the images are decoded
 * @param weights how the transformer's matrices are held
 * @param cacheInHeap most bytes of keys and values in the Java heap at any moment
 * @param cacheOutside most bytes of keys and values outside it
 * @param textTokens of the longest prompt
 * @param keptLogits generations whose logits are held together
 * @param statistics bytes of what is measured
 * @param threads that compute
 */
public record MemoryRequest(
        int images,
        boolean guided,
        boolean decodes,
        WeightHolding weights,
        long cacheInHeap,
        long cacheOutside,
        int textTokens,
        int keptLogits,
        long statistics,
        int threads) {
    /** Batch rows. */
    public int rows() {
        return guided ? 2 * images : images;
    }
}
