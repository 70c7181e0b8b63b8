package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposition of square blocks of one vector by one vector: for every power of two below the width, numbers whose row
 * lacks that bit and whose column has it change places with their mirror images.
 */
final class VectorTranspose {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorMask<Float> HAS_8 = has(8);
    private static final VectorMask<Float> HAS_4 = has(4);
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
                if (L <= 16 && row + L <= rows && column + L <= columns) {
                    copy(x, from, stride, block, 0, L);
                    turn(block);
                    copy(block, 0, L, into, to, intoStride);
                } else {
                    turn(x, from, stride, Math.min(L, rows - row), Math.min(L, columns - column), into, to, intoStride);
                }
            }
        }
    }

    private static void copy(float[] x, int at, int stride, float[] into, int intoAt, int intoStride) {
        for (int i = 0; i < L; i++) {
            FloatVector.fromArray(S, x, at + i * stride).intoArray(into, intoAt + i * intoStride);
        }
    }

    private static void turn(float[] block) {
        if (L >= 16) {
            for (int i = 0; i < L; i += (i & 7) == 7 ? 9 : 1) {
                FloatVector upper = FloatVector.fromArray(S, block, i * L);
                FloatVector lower = FloatVector.fromArray(S, block, (i + 8) * L);
                upper.blend(lower.rearrange(SWAP_8), HAS_8).intoArray(block, i * L);
                upper.rearrange(SWAP_8).blend(lower, HAS_8).intoArray(block, (i + 8) * L);
            }
        }
        if (L >= 8) {
            for (int i = 0; i < L; i += (i & 3) == 3 ? 5 : 1) {
                FloatVector upper = FloatVector.fromArray(S, block, i * L);
                FloatVector lower = FloatVector.fromArray(S, block, (i + 4) * L);
                upper.blend(lower.rearrange(SWAP_4), HAS_4).intoArray(block, i * L);
                upper.rearrange(SWAP_4).blend(lower, HAS_4).intoArray(block, (i + 4) * L);
            }
        }
        if (L >= 4) {
            for (int i = 0; i < L; i += (i & 1) == 1 ? 3 : 1) {
                FloatVector upper = FloatVector.fromArray(S, block, i * L);
                FloatVector lower = FloatVector.fromArray(S, block, (i + 2) * L);
                upper.blend(lower.rearrange(SWAP_2), HAS_2).intoArray(block, i * L);
                upper.rearrange(SWAP_2).blend(lower, HAS_2).intoArray(block, (i + 2) * L);
            }
        }
        for (int i = 0; i < L; i += 2) {
            FloatVector upper = FloatVector.fromArray(S, block, i * L);
            FloatVector lower = FloatVector.fromArray(S, block, (i + 1) * L);
            upper.blend(lower.rearrange(SWAP_1), HAS_1).intoArray(block, i * L);
            upper.rearrange(SWAP_1).blend(lower, HAS_1).intoArray(block, (i + 1) * L);
        }
    }

    private static void turn(
            float[] x, int at, int stride, int rows, int columns, float[] into, int intoAt, int intoStride) {
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                into[intoAt + c * intoStride + r] = x[at + r * stride + c];
            }
        }
    }
}
