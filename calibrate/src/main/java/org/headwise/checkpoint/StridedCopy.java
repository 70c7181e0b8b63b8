package org.headwise.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes a view of a storage out in row-major, little-endian order, which the views of PyTorch need not have. */
final class StridedCopy {
    private StridedCopy() {}

    /**
     * The elements of a tensor, in memory that the collector frees.
     *
     * @param record the whole record of the tensor's storage
     * @param swap whether the record is big-endian
     */
    static MemorySegment of(PickledTensor tensor, MemorySegment record, boolean swap) {
        int width = tensor.dtype().bytes();
        MemorySegment out = Arena.ofAuto().allocate(tensor.bytes(), 8);
        long run = tensor.run();
        long[] index = new long[tensor.shape().length];
        long from = tensor.offset();
        for (long done = 0; done < tensor.elements(); done += run) {
            MemorySegment.copy(record, from * width, out, done * width, run * width);
            from = next(tensor, index, from, run);
        }
        if (swap) {
            swap(out, width);
        }
        return out;
    }

    /** Moves on by a run: the first element after the current one in row-major order that is not in its run. */
    private static long next(PickledTensor tensor, long[] index, long from, long run) {
        long[] shape = tensor.shape();
        long inRun = run;
        int axis = shape.length - 1;
        while (axis >= 0 && inRun > 1) {
            inRun /= shape[axis--];
        }
        long at = from;
        for (; axis >= 0; axis--) {
            at += tensor.strides()[axis];
            if (++index[axis] < shape[axis]) {
                return at;
            }
            at -= index[axis] * tensor.strides()[axis];
            index[axis] = 0;
        }
        return at;
    }

    private static void swap(MemorySegment bytes, int width) {
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED;
        ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED;
        ValueLayout.OfLong longs = ValueLayout.JAVA_LONG_UNALIGNED;
        for (long at = 0; at < bytes.byteSize(); at += width) {
            switch (width) {
                case 2 -> bytes.set(shorts, at, Short.reverseBytes(bytes.get(shorts, at)));
                case 4 -> bytes.set(ints, at, Integer.reverseBytes(bytes.get(ints, at)));
                case 8 -> bytes.set(longs, at, Long.reverseBytes(bytes.get(longs, at)));
                default -> {}
            }
        }
    }
}
