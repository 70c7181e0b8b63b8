package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Packed pairs of 16-bit weights to float32; see {@link PackedMatrix} for how pairs lie. */
final class VectorWiden {
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int L = I.length();
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final int HIGH = 0xffff0000;

    /** 2^112: what the exponents of float16 and float32 differ by. Also right for subnormal numbers. */
    private static final float REBIAS = 0x1p112f;

    private VectorWiden() {}

    /** @param count a multiple of twice the lanes */
    static void bf16(MemorySegment packed, long at, int count, float[] into) {
        for (int i = 0; i < count; i += 2 * L) {
            IntVector pairs = IntVector.fromMemorySegment(I, packed, at + 2L * i, NATIVE);
            pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(into, i);
            pairs.and(HIGH).reinterpretAsFloats().intoArray(into, i + L);
        }
    }

    /** @param count a multiple of twice the lanes */
    static void f16(MemorySegment packed, long at, int count, float[] into) {
        for (int i = 0; i < count; i += 2 * L) {
            IntVector pairs = IntVector.fromMemorySegment(I, packed, at + 2L * i, NATIVE);
            half(pairs.lanewise(VectorOperators.LSHL, 16)).intoArray(into, i);
            half(pairs).intoArray(into, i + L);
        }
    }

    /** The float16 in the high half of each lane. */
    private static FloatVector half(IntVector high) {
        IntVector magnitude = high.and(0x7fff0000).lanewise(VectorOperators.LSHR, 3);
        FloatVector finite = magnitude.reinterpretAsFloats().mul(REBIAS);
        IntVector bits = finite.reinterpretAsInts();
        // The largest exponent means infinity or NaN in both formats.
        bits = bits.blend(bits.or(0x7f800000), magnitude.compare(VectorOperators.GE, 0x0f800000));
        return bits.or(high.and(0x80000000)).reinterpretAsFloats();
    }
}
