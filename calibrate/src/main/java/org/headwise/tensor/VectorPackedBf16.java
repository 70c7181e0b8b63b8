package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Product of very few rows with a packed panel of BF16, read where it lies: each weight is used too
 * seldom for a copy.
 */
final class VectorPackedBf16 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);
    private static final int HIGH = 0xffff0000;
    private static final int L = S.length();
    private static final long STEP = 8L * L;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    private VectorPackedBf16() {}

    static void product(
            float[] a,
            int aAt,
            int aStride,
            int rows,
            MemorySegment b,
            long bAt,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) {
            rows4(a, aAt + r * aStride, aStride, b, bAt, depth, c, cAt + r * cStride, cStride, add);
        }
        for (; r + 2 <= rows; r += 2) {
            rows2(a, aAt + r * aStride, aStride, b, bAt, depth, c, cAt + r * cStride, cStride, add);
        }
        if (r < rows) {
            rows1(a, aAt + r * aStride, aStride, b, bAt, depth, c, cAt + r * cStride, cStride, add);
        }
    }

    private static void rows4(
            float[] a,
            int aAt,
            int aStride,
            MemorySegment b,
            long bAt,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cAt) : FloatVector.zero(S);
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cAt + L) : FloatVector.zero(S);
        FloatVector c02 = add ? FloatVector.fromArray(S, c, cAt + 2 * L) : FloatVector.zero(S);
        FloatVector c03 = add ? FloatVector.fromArray(S, c, cAt + 3 * L) : FloatVector.zero(S);
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c11 = add ? FloatVector.fromArray(S, c, cAt + cStride + L) : FloatVector.zero(S);
        FloatVector c12 = add ? FloatVector.fromArray(S, c, cAt + cStride + 2 * L) : FloatVector.zero(S);
        FloatVector c13 = add ? FloatVector.fromArray(S, c, cAt + cStride + 3 * L) : FloatVector.zero(S);
        FloatVector c20 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride) : FloatVector.zero(S);
        FloatVector c21 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride + L) : FloatVector.zero(S);
        FloatVector c22 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride + 2 * L) : FloatVector.zero(S);
        FloatVector c23 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride + 3 * L) : FloatVector.zero(S);
        FloatVector c30 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride) : FloatVector.zero(S);
        FloatVector c31 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride + L) : FloatVector.zero(S);
        FloatVector c32 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride + 2 * L) : FloatVector.zero(S);
        FloatVector c33 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride + 3 * L) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            long at = bAt + k * STEP;
            IntVector p0 = IntVector.fromMemorySegment(I, b, at, NATIVE);
            FloatVector b0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b1 = p0.and(HIGH).reinterpretAsFloats();
            IntVector p2 = IntVector.fromMemorySegment(I, b, at + 4L * L, NATIVE);
            FloatVector b2 = p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b3 = p2.and(HIGH).reinterpretAsFloats();
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = FloatVector.broadcast(S, a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = FloatVector.broadcast(S, a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c02.intoArray(c, cAt + 2 * L);
        c03.intoArray(c, cAt + 3 * L);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + L);
        c12.intoArray(c, cAt + cStride + 2 * L);
        c13.intoArray(c, cAt + cStride + 3 * L);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + L);
        c22.intoArray(c, cAt + 2 * cStride + 2 * L);
        c23.intoArray(c, cAt + 2 * cStride + 3 * L);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + L);
        c32.intoArray(c, cAt + 3 * cStride + 2 * L);
        c33.intoArray(c, cAt + 3 * cStride + 3 * L);
    }

    private static void rows2(
            float[] a,
            int aAt,
            int aStride,
            MemorySegment b,
            long bAt,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cAt) : FloatVector.zero(S);
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cAt + L) : FloatVector.zero(S);
        FloatVector c02 = add ? FloatVector.fromArray(S, c, cAt + 2 * L) : FloatVector.zero(S);
        FloatVector c03 = add ? FloatVector.fromArray(S, c, cAt + 3 * L) : FloatVector.zero(S);
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c11 = add ? FloatVector.fromArray(S, c, cAt + cStride + L) : FloatVector.zero(S);
        FloatVector c12 = add ? FloatVector.fromArray(S, c, cAt + cStride + 2 * L) : FloatVector.zero(S);
        FloatVector c13 = add ? FloatVector.fromArray(S, c, cAt + cStride + 3 * L) : FloatVector.zero(S);
        int k = 0;
        for (; k + 4 <= depth; k += 4) {
            long at = bAt + k * STEP;
            IntVector p0 = IntVector.fromMemorySegment(I, b, at, NATIVE);
            FloatVector b0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b1 = p0.and(HIGH).reinterpretAsFloats();
            IntVector p2 = IntVector.fromMemorySegment(I, b, at + 4L * L, NATIVE);
            FloatVector b2 = p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b3 = p2.and(HIGH).reinterpretAsFloats();
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            p0 = IntVector.fromMemorySegment(I, b, at + 1 * STEP, NATIVE);
            b0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            b1 = p0.and(HIGH).reinterpretAsFloats();
            p2 = IntVector.fromMemorySegment(I, b, at + 1 * STEP + 4L * L, NATIVE);
            b2 = p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            b3 = p2.and(HIGH).reinterpretAsFloats();
            x = FloatVector.broadcast(S, a[aAt + k + 1]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(S, a[aAt + aStride + k + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            p0 = IntVector.fromMemorySegment(I, b, at + 2 * STEP, NATIVE);
            b0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            b1 = p0.and(HIGH).reinterpretAsFloats();
            p2 = IntVector.fromMemorySegment(I, b, at + 2 * STEP + 4L * L, NATIVE);
            b2 = p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            b3 = p2.and(HIGH).reinterpretAsFloats();
            x = FloatVector.broadcast(S, a[aAt + k + 2]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(S, a[aAt + aStride + k + 2]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            p0 = IntVector.fromMemorySegment(I, b, at + 3 * STEP, NATIVE);
            b0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            b1 = p0.and(HIGH).reinterpretAsFloats();
            p2 = IntVector.fromMemorySegment(I, b, at + 3 * STEP + 4L * L, NATIVE);
            b2 = p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            b3 = p2.and(HIGH).reinterpretAsFloats();
            x = FloatVector.broadcast(S, a[aAt + k + 3]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(S, a[aAt + aStride + k + 3]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
        }
        for (; k < depth; k++) {
            long at = bAt + k * STEP;
            IntVector p0 = IntVector.fromMemorySegment(I, b, at, NATIVE);
            FloatVector b0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b1 = p0.and(HIGH).reinterpretAsFloats();
            IntVector p2 = IntVector.fromMemorySegment(I, b, at + 4L * L, NATIVE);
            FloatVector b2 = p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b3 = p2.and(HIGH).reinterpretAsFloats();
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c02.intoArray(c, cAt + 2 * L);
        c03.intoArray(c, cAt + 3 * L);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + L);
        c12.intoArray(c, cAt + cStride + 2 * L);
        c13.intoArray(c, cAt + cStride + 3 * L);
    }

    private static void rows1(
            float[] a,
            int aAt,
            int aStride,
            MemorySegment b,
            long bAt,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cAt) : FloatVector.zero(S);
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cAt + L) : FloatVector.zero(S);
        FloatVector c02 = add ? FloatVector.fromArray(S, c, cAt + 2 * L) : FloatVector.zero(S);
        FloatVector c03 = add ? FloatVector.fromArray(S, c, cAt + 3 * L) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            long at = bAt + k * STEP;
            IntVector p0 = IntVector.fromMemorySegment(I, b, at, NATIVE);
            FloatVector b0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b1 = p0.and(HIGH).reinterpretAsFloats();
            IntVector p2 = IntVector.fromMemorySegment(I, b, at + 4L * L, NATIVE);
            FloatVector b2 = p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector b3 = p2.and(HIGH).reinterpretAsFloats();
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c02.intoArray(c, cAt + 2 * L);
        c03.intoArray(c, cAt + 3 * L);
    }
}
