package org.headwise.analysis;

import java.lang.foreign.MemorySegment;
import org.headwise.attention.AttentionBlock;

/**
 * The bits of one row of a block at a time, as integers. Bits of numbers that are not negative are in the order of the
 * numbers, and integer loops are what the compiler vectorises best.
 */
final class RowBits {
    private int[] bits = new int[0];
    private MemorySegment into = MemorySegment.ofArray(bits);
    private MemorySegment from = into;

    /** Starts on a block. */
    void begin(AttentionBlock block) {
        if (bits.length < block.keys()) {
            bits = new int[block.keys()];
            into = MemorySegment.ofArray(bits);
        }
        from = MemorySegment.ofArray(block.probabilities());
    }

    /** The bits of row {@code q} of the block, in the first {@code keys} places of an array that is used again. */
    int[] row(AttentionBlock block, int q) {
        long bytes = (long) Float.BYTES * block.keys();
        MemorySegment.copy(from, (long) Float.BYTES * q * block.stride(), into, 0, bytes);
        return bits;
    }
}
