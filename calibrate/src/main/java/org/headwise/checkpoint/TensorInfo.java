package org.headwise.checkpoint;

import org.headwise.tensor.DType;

/**
 * Type and shape of a tensor in a checkpoint, known without touching its data.
 *
 * @param shape extents; none for a single number
 */
public record TensorInfo(DType dtype, long[] shape) {
    public long elements() {
        long count = 1;
        for (long extent : shape) {
            count *= extent;
        }
        return count;
    }
}
