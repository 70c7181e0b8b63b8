package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Product of a few rows with a strip of one vector: all sums of a block stay in registers, and every number of a is
 * broadcast once per depth. Written out, since the compiler keeps only local variables in registers.
 */
final class VectorProduct1 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorProduct1() {}

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
        for (; r + 12 <= rows; r += 12) {
            rows12(a, aAt + r * aStride, aStride, b, bAt, bStride, depth, c, cAt + r * cStride, cStride, add);
        }
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

    private static void rows12(
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
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c20 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride) : FloatVector.zero(S);
        FloatVector c30 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride) : FloatVector.zero(S);
        FloatVector c40 = add ? FloatVector.fromArray(S, c, cAt + 4 * cStride) : FloatVector.zero(S);
        FloatVector c50 = add ? FloatVector.fromArray(S, c, cAt + 5 * cStride) : FloatVector.zero(S);
        FloatVector c60 = add ? FloatVector.fromArray(S, c, cAt + 6 * cStride) : FloatVector.zero(S);
        FloatVector c70 = add ? FloatVector.fromArray(S, c, cAt + 7 * cStride) : FloatVector.zero(S);
        FloatVector c80 = add ? FloatVector.fromArray(S, c, cAt + 8 * cStride) : FloatVector.zero(S);
        FloatVector c90 = add ? FloatVector.fromArray(S, c, cAt + 9 * cStride) : FloatVector.zero(S);
        FloatVector c100 = add ? FloatVector.fromArray(S, c, cAt + 10 * cStride) : FloatVector.zero(S);
        FloatVector c110 = add ? FloatVector.fromArray(S, c, cAt + 11 * cStride) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(S, a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(S, a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
            x = FloatVector.broadcast(S, a[aAt + 4 * aStride + k]);
            c40 = x.fma(b0, c40);
            x = FloatVector.broadcast(S, a[aAt + 5 * aStride + k]);
            c50 = x.fma(b0, c50);
            x = FloatVector.broadcast(S, a[aAt + 6 * aStride + k]);
            c60 = x.fma(b0, c60);
            x = FloatVector.broadcast(S, a[aAt + 7 * aStride + k]);
            c70 = x.fma(b0, c70);
            x = FloatVector.broadcast(S, a[aAt + 8 * aStride + k]);
            c80 = x.fma(b0, c80);
            x = FloatVector.broadcast(S, a[aAt + 9 * aStride + k]);
            c90 = x.fma(b0, c90);
            x = FloatVector.broadcast(S, a[aAt + 10 * aStride + k]);
            c100 = x.fma(b0, c100);
            x = FloatVector.broadcast(S, a[aAt + 11 * aStride + k]);
            c110 = x.fma(b0, c110);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + cStride);
        c20.intoArray(c, cAt + 2 * cStride);
        c30.intoArray(c, cAt + 3 * cStride);
        c40.intoArray(c, cAt + 4 * cStride);
        c50.intoArray(c, cAt + 5 * cStride);
        c60.intoArray(c, cAt + 6 * cStride);
        c70.intoArray(c, cAt + 7 * cStride);
        c80.intoArray(c, cAt + 8 * cStride);
        c90.intoArray(c, cAt + 9 * cStride);
        c100.intoArray(c, cAt + 10 * cStride);
        c110.intoArray(c, cAt + 11 * cStride);
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
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c20 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride) : FloatVector.zero(S);
        FloatVector c30 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride) : FloatVector.zero(S);
        FloatVector c40 = add ? FloatVector.fromArray(S, c, cAt + 4 * cStride) : FloatVector.zero(S);
        FloatVector c50 = add ? FloatVector.fromArray(S, c, cAt + 5 * cStride) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(S, a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(S, a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
            x = FloatVector.broadcast(S, a[aAt + 4 * aStride + k]);
            c40 = x.fma(b0, c40);
            x = FloatVector.broadcast(S, a[aAt + 5 * aStride + k]);
            c50 = x.fma(b0, c50);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + cStride);
        c20.intoArray(c, cAt + 2 * cStride);
        c30.intoArray(c, cAt + 3 * cStride);
        c40.intoArray(c, cAt + 4 * cStride);
        c50.intoArray(c, cAt + 5 * cStride);
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
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        FloatVector c20 = add ? FloatVector.fromArray(S, c, cAt + 2 * cStride) : FloatVector.zero(S);
        FloatVector c30 = add ? FloatVector.fromArray(S, c, cAt + 3 * cStride) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(S, a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(S, a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + cStride);
        c20.intoArray(c, cAt + 2 * cStride);
        c30.intoArray(c, cAt + 3 * cStride);
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
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cAt + cStride) : FloatVector.zero(S);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(S, a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + cStride);
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
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector x = FloatVector.broadcast(S, a[aAt + k]);
            c00 = x.fma(b0, c00);
        }
        c00.intoArray(c, cAt);
    }
}
