package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Product of a few rows with a strip of two vectors: all sums of a block stay in registers, and every number of a is
 * broadcast once per depth. Written out, since the compiler keeps only local variables in registers.
 */
final class VectorProduct2 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorProduct2() {}

    static void product(
            float[] a,
            int aAt,
            int aStride,
            int rows,
            float[] b,
            int bAt,
            int bStride,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        int r = 0;
        for (; r + 6 <= rows; r += 6) {
            rows6(a, aAt + r * aStride, aStride, b, bAt, bStride, depth, c, cAt + r * cStride, cStride, add);
        }
        for (; r + 4 <= rows; r += 4) {
            rows4(a, aAt + r * aStride, aStride, b, bAt, bStride, depth, c, cAt + r * cStride, cStride, add);
        }
        for (; r + 2 <= rows; r += 2) {
            rows2(a, aAt + r * aStride, aStride, b, bAt, bStride, depth, c, cAt + r * cStride, cStride, add);
        }
        if (r < rows) {
            rows1(a, aAt + r * aStride, aStride, b, bAt, bStride, depth, c, cAt + r * cStride, cStride, add);
        }
    }

    private static void rows6(
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cAt) : FloatVector.zero(S);
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cAt + L) : FloatVector.zero(S);
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c11 = add ? FloatVector.fromArray(S, c, cAt + cStride + L) : FloatVector.zero(S);
        FloatVector c20 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride) : FloatVector.zero(S);
        FloatVector c21 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride + L) : FloatVector.zero(S);
        FloatVector c30 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride) : FloatVector.zero(S);
        FloatVector c31 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride + L) : FloatVector.zero(S);
        FloatVector c40 = add ? FloatVector.fromArray(S, c, cAt + 4 * cStride) : FloatVector.zero(S);
        FloatVector c41 = add ? FloatVector.fromArray(S, c, cAt + 4 * cStride + L) : FloatVector.zero(S);
        FloatVector c50 = add ? FloatVector.fromArray(S, c, cAt + 5 * cStride) : FloatVector.zero(S);
        FloatVector c51 = add ? FloatVector.fromArray(S, c, cAt + 5 * cStride + L) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(S, a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(S, a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(S, a[aAt + 4 * aStride + k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(S, a[aAt + 5 * aStride + k]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + L);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + L);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + L);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + L);
        c50.intoArray(c, cAt + 5 * cStride);
        c51.intoArray(c, cAt + 5 * cStride + L);
    }

    private static void rows4(
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cAt) : FloatVector.zero(S);
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cAt + L) : FloatVector.zero(S);
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c11 = add ? FloatVector.fromArray(S, c, cAt + cStride + L) : FloatVector.zero(S);
        FloatVector c20 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride) : FloatVector.zero(S);
        FloatVector c21 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride + L) : FloatVector.zero(S);
        FloatVector c30 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride) : FloatVector.zero(S);
        FloatVector c31 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride + L) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(S, a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(S, a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + L);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + L);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + L);
    }

    private static void rows2(
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cAt) : FloatVector.zero(S);
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cAt + L) : FloatVector.zero(S);
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c11 = add ? FloatVector.fromArray(S, c, cAt + cStride + L) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + L);
    }

    private static void rows1(
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cAt) : FloatVector.zero(S);
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cAt + L) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
    }
}
