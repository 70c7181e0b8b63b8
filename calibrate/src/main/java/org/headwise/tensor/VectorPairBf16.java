package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Product of very few rows with two neighbouring packed panels of BF16 at once: two streams of weights keep the memory
 * busier than one, and a second pair of rows finds them in the cache. Needs 32 vector registers.
 */
final class VectorPairBf16 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);
    private static final int HIGH = 0xffff0000;
    private static final int L = S.length();
    private static final long STEP = 8L * L;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    private VectorPairBf16() {}

    /** @param apart bytes from the first panel to the second */
    static void product(
            float[] a,
            int aAt,
            int aStride,
            int rows,
            MemorySegment b,
            long bAt,
            long apart,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        int r = 0;
        for (; r + 2 <= rows; r += 2) {
            rows2(a, aAt + r * aStride, aStride, b, bAt, apart, depth, c, cAt + r * cStride, cStride, add);
        }
        if (r < rows) {
            // A row alone counts as two: what waits for memory has time to do it twice, and one loop compiles well.
            rows2(a, aAt + r * aStride, 0, b, bAt, apart, depth, c, cAt + r * cStride, 0, add);
        }
    }

    private static void rows2(
            float[] a,
            int aAt,
            int aStride,
            MemorySegment b,
            long bAt,
            long apart,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cAt) : FloatVector.zero(S);
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cAt + L) : FloatVector.zero(S);
        FloatVector c02 = add ? FloatVector.fromArray(S, c, cAt + 2 * L) : FloatVector.zero(S);
        FloatVector c03 = add ? FloatVector.fromArray(S, c, cAt + 3 * L) : FloatVector.zero(S);
        FloatVector c04 = add ? FloatVector.fromArray(S, c, cAt + 4 * L) : FloatVector.zero(S);
        FloatVector c05 = add ? FloatVector.fromArray(S, c, cAt + 5 * L) : FloatVector.zero(S);
        FloatVector c06 = add ? FloatVector.fromArray(S, c, cAt + 6 * L) : FloatVector.zero(S);
        FloatVector c07 = add ? FloatVector.fromArray(S, c, cAt + 7 * L) : FloatVector.zero(S);
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c11 = add ? FloatVector.fromArray(S, c, cAt + cStride + L) : FloatVector.zero(S);
        FloatVector c12 = add ? FloatVector.fromArray(S, c, cAt + cStride + 2 * L) : FloatVector.zero(S);
        FloatVector c13 = add ? FloatVector.fromArray(S, c, cAt + cStride + 3 * L) : FloatVector.zero(S);
        FloatVector c14 = add ? FloatVector.fromArray(S, c, cAt + cStride + 4 * L) : FloatVector.zero(S);
        FloatVector c15 = add ? FloatVector.fromArray(S, c, cAt + cStride + 5 * L) : FloatVector.zero(S);
        FloatVector c16 = add ? FloatVector.fromArray(S, c, cAt + cStride + 6 * L) : FloatVector.zero(S);
        FloatVector c17 = add ? FloatVector.fromArray(S, c, cAt + cStride + 7 * L) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            long at = bAt + k * STEP;
            IntVector low = IntVector.fromMemorySegment(I, b, at, NATIVE);
            FloatVector b0 = low.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b1 = low.and(HIGH).reinterpretAsFloats();
            IntVector high = IntVector.fromMemorySegment(I, b, at + 4L * L, NATIVE);
            FloatVector b2 = high.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b3 = high.and(HIGH).reinterpretAsFloats();
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            low = IntVector.fromMemorySegment(I, b, at + apart, NATIVE);
            b0 = low.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            b1 = low.and(HIGH).reinterpretAsFloats();
            high = IntVector.fromMemorySegment(I, b, at + apart + 4L * L, NATIVE);
            b2 = high.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            b3 = high.and(HIGH).reinterpretAsFloats();
            c04 = x0.fma(b0, c04);
            c05 = x0.fma(b1, c05);
            c06 = x0.fma(b2, c06);
            c07 = x0.fma(b3, c07);
            c14 = x1.fma(b0, c14);
            c15 = x1.fma(b1, c15);
            c16 = x1.fma(b2, c16);
            c17 = x1.fma(b3, c17);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c02.intoArray(c, cAt + 2 * L);
        c03.intoArray(c, cAt + 3 * L);
        c04.intoArray(c, cAt + 4 * L);
        c05.intoArray(c, cAt + 5 * L);
        c06.intoArray(c, cAt + 6 * L);
        c07.intoArray(c, cAt + 7 * L);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + L);
        c12.intoArray(c, cAt + cStride + 2 * L);
        c13.intoArray(c, cAt + cStride + 3 * L);
        c14.intoArray(c, cAt + cStride + 4 * L);
        c15.intoArray(c, cAt + cStride + 5 * L);
        c16.intoArray(c, cAt + cStride + 6 * L);
        c17.intoArray(c, cAt + cStride + 7 * L);
    }
}
