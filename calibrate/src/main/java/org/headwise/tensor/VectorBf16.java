package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Widens BF16 by whole vectors, which the compiler does not do by itself. */
final class VectorBf16 {
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> S =
            VectorSpecies.of(short.class, VectorShape.forBitSize(I.vectorBitSize() / 2));

    private VectorBf16() {}

    /** How many of the numbers are done: all but a rest of less than a vector. */
    static int load(MemorySegment from, long offset, int count, float[] into, int at) {
        int end = I.loopBound(count);
        for (int i = 0; i < end; i += I.length()) {
            IntVector wide =
                    (IntVector) ShortVector.fromMemorySegment(S, from, offset + 2L * i, ByteOrder.nativeOrder())
                            .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
            wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(into, at + i);
        }
        return end;
    }
}
