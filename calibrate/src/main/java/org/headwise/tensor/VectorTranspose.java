package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposition of square blocks of one vector by one vector: for every power of two below the width, numbers whose row
 * lacks that bit and whose column has it change places with their mirror images. Two powers are done at a time, four
 * rows in registers, since going through memory costs more than the exchange.
 */
final class VectorTranspose {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int QUARTER = L / 4;
    private static final VectorShuffle<Float> SWAP_HALF = swap(L / 2);
    private static final VectorShuffle<Float> SWAP_QUARTER = swap(L / 4);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorMask<Float> HAS_HALF = has(L / 2);
    private static final VectorMask<Float> HAS_QUARTER = has(L / 4);
    private static final VectorMask<Float> HAS_2 = has(2);
    private static final VectorMask<Float> HAS_1 = has(1);

    private VectorTranspose() {}

    private static VectorShuffle<Float> swap(int bit) {
        return VectorShuffle.fromOp(S, lane -> (lane ^ bit) % L);
    }

    private static VectorMask<Float> has(int bit) {
        boolean[] lanes = new boolean[L];
        for (int i = 0; i < L; i++) {
            lanes[i] = (i & bit) != 0;
        }
        return VectorMask.fromArray(S, lanes, 0);
    }

    static void transpose(
            float[] x, int at, int stride, int rows, int columns, float[] into, int intoAt, int intoStride) {
        float[] block = new float[L * L];
        for (int column = 0; column < columns; column += L) {
            for (int row = 0; row < rows; row += L) {
                int from = at + row * stride + column;
                int to = intoAt + column * intoStride + row;
                if (row + L > rows || column + L > columns || L != 16 && L != 8 && L != 4) {
                    plainly(
                            x,
                            from,
                            stride,
                            Math.min(L, rows - row),
                            Math.min(L, columns - column),
                            into,
                            to,
                            intoStride);
                } else if (L == 16) {
                    VectorTranspose16.upper(x, from, stride, block);
                    VectorTranspose16.lower(block, into, to, intoStride);
                } else if (L == 8) {
                    high(x, from, stride, block);
                    lowest(block, into, to, intoStride);
                } else {
                    low(x, from, stride, into, to, intoStride);
                }
            }
        }
    }

    /** The two highest powers of two. */
    private static void high(float[] x, int at, int stride, float[] block) {
        for (int i = 0; i < QUARTER; i++) {
            FloatVector a = FloatVector.fromArray(S, x, at + i * stride);
            FloatVector b = FloatVector.fromArray(S, x, at + (i + QUARTER) * stride);
            FloatVector c = FloatVector.fromArray(S, x, at + (i + 2 * QUARTER) * stride);
            FloatVector d = FloatVector.fromArray(S, x, at + (i + 3 * QUARTER) * stride);
            FloatVector a2 = a.blend(c.rearrange(SWAP_HALF), HAS_HALF);
            FloatVector c2 = a.rearrange(SWAP_HALF).blend(c, HAS_HALF);
            FloatVector b2 = b.blend(d.rearrange(SWAP_HALF), HAS_HALF);
            FloatVector d2 = b.rearrange(SWAP_HALF).blend(d, HAS_HALF);
            a2.blend(b2.rearrange(SWAP_QUARTER), HAS_QUARTER).intoArray(block, i * L);
            a2.rearrange(SWAP_QUARTER).blend(b2, HAS_QUARTER).intoArray(block, (i + QUARTER) * L);
            c2.blend(d2.rearrange(SWAP_QUARTER), HAS_QUARTER).intoArray(block, (i + 2 * QUARTER) * L);
            c2.rearrange(SWAP_QUARTER).blend(d2, HAS_QUARTER).intoArray(block, (i + 3 * QUARTER) * L);
        }
    }

    /** The powers 2 and 1. */
    private static void low(float[] x, int at, int stride, float[] into, int intoAt, int intoStride) {
        for (int i = 0; i < L; i += 4) {
            FloatVector a = FloatVector.fromArray(S, x, at + i * stride);
            FloatVector b = FloatVector.fromArray(S, x, at + (i + 1) * stride);
            FloatVector c = FloatVector.fromArray(S, x, at + (i + 2) * stride);
            FloatVector d = FloatVector.fromArray(S, x, at + (i + 3) * stride);
            FloatVector a2 = a.blend(c.rearrange(SWAP_2), HAS_2);
            FloatVector c2 = a.rearrange(SWAP_2).blend(c, HAS_2);
            FloatVector b2 = b.blend(d.rearrange(SWAP_2), HAS_2);
            FloatVector d2 = b.rearrange(SWAP_2).blend(d, HAS_2);
            a2.blend(b2.rearrange(SWAP_1), HAS_1).intoArray(into, intoAt + i * intoStride);
            a2.rearrange(SWAP_1).blend(b2, HAS_1).intoArray(into, intoAt + (i + 1) * intoStride);
            c2.blend(d2.rearrange(SWAP_1), HAS_1).intoArray(into, intoAt + (i + 2) * intoStride);
            c2.rearrange(SWAP_1).blend(d2, HAS_1).intoArray(into, intoAt + (i + 3) * intoStride);
        }
    }

    /** The power 1, where three powers make the width. */
    private static void lowest(float[] block, float[] into, int intoAt, int intoStride) {
        for (int i = 0; i < L; i += 2) {
            FloatVector a = FloatVector.fromArray(S, block, i * L);
            FloatVector b = FloatVector.fromArray(S, block, (i + 1) * L);
            a.blend(b.rearrange(SWAP_1), HAS_1).intoArray(into, intoAt + i * intoStride);
            a.rearrange(SWAP_1).blend(b, HAS_1).intoArray(into, intoAt + (i + 1) * intoStride);
        }
    }

    private static void plainly(
            float[] x, int at, int stride, int rows, int columns, float[] into, int intoAt, int intoStride) {
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                into[intoAt + c * intoStride + r] = x[at + r * stride + c];
            }
        }
    }
}
