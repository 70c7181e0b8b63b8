package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows of BF16 numbers, two bytes each in the machine's byte order. */
public final class Bf16 {
    private static final boolean VECTORS = VectorSupport.missing().isEmpty();

    private Bf16() {}

    /** Copies {@code count} numbers that begin {@code offset} bytes into memory as float32. */
    public static void load(MemorySegment from, long offset, int count, float[] into, int at) {
        int done = VECTORS ? VectorBf16.load(from, offset, count, into, at) : 0;
        for (int i = done; i < count; i++) {
            into[at + i] = DType.bf16(from.get(ValueLayout.JAVA_SHORT, offset + 2L * i));
        }
    }
}
