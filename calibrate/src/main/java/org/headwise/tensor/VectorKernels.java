package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** Kernels with the Vector API, as wide as this processor prefers. */
final class VectorKernels implements Kernels {
    private static final int L = FloatVector.SPECIES_PREFERRED.length();
    private static final int PANEL = 4 * L;

    /** Blocks of 6 rows by 4 vectors need the 32 registers that come with 512 bits. */
    private static final boolean WIDE = L >= 16;

    /** Up to here packed weights are multiplied where they lie; with more rows a widened copy pays. */
    private static final int FEW_ROWS = WIDE ? 64 : 2;

    /** Up to here, by measurement, a product with BF16 waits for memory too, and two streams bring more than one. */
    private static final int PAIRED_ROWS = WIDE ? 20 : 0;

    @Override
    public String describe() {
        return "vector " + FloatVector.SPECIES_PREFERRED.vectorBitSize() + "-bit";
    }

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public int panel() {
        return PANEL;
    }

    @Override
    public void product(
            float[] a,
            int aAt,
            int aStride,
            int rows,
            float[] b,
            int bAt,
            int bStride,
            int columns,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        int j = 0;
        for (; WIDE && j + 4 * L <= columns; j += 4 * L) {
            VectorProduct4.product(a, aAt, aStride, rows, b, bAt + j, bStride, depth, c, cAt + j, cStride, add);
        }
        for (; j + 2 * L <= columns; j += 2 * L) {
            VectorProduct2.product(a, aAt, aStride, rows, b, bAt + j, bStride, depth, c, cAt + j, cStride, add);
        }
        for (; j < columns; j += L) {
            VectorProduct1.product(a, aAt, aStride, rows, b, bAt + j, bStride, depth, c, cAt + j, cStride, add);
        }
    }

    @Override
    public int panelsAtOnce(int rows, DType storage) {
        return storage == DType.BF16 && rows <= PAIRED_ROWS ? 2 : 1;
    }

    @Override
    public void packedProduct(
            float[] a,
            int aAt,
            int aStride,
            int rows,
            PackedMatrix weight,
            int panel,
            int panels,
            int from,
            int depth,
            float[] tile,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        MemorySegment packed = weight.segment();
        long at = weight.at(panel, from);
        DType storage = weight.storage();
        if (panels == 2) {
            long apart = weight.at(panel + 1, from) - at;
            VectorPairBf16.product(a, aAt, aStride, rows, packed, at, apart, depth, c, cAt, cStride, add);
        } else if (rows <= FEW_ROWS && storage == DType.F32) {
            VectorPackedF32.product(a, aAt, aStride, rows, packed, at, depth, c, cAt, cStride, add);
        } else if (rows <= FEW_ROWS && storage == DType.BF16) {
            VectorPackedBf16.product(a, aAt, aStride, rows, packed, at, depth, c, cAt, cStride, add);
        } else {
            switch (storage) {
                case F32 -> MemorySegment.copy(packed, ValueLayout.JAVA_FLOAT, at, tile, 0, depth * PANEL);
                case BF16 -> VectorWiden.bf16(packed, at, depth * PANEL, tile);
                default -> VectorWiden.f16(packed, at, depth * PANEL, tile);
            }
            product(a, aAt, aStride, rows, tile, 0, PANEL, PANEL, depth, c, cAt, cStride, add);
        }
    }

    @Override
    public void transpose(
            float[] x, int at, int stride, int rows, int columns, float[] into, int intoAt, int intoStride) {
        VectorTranspose.transpose(x, at, stride, rows, columns, into, intoAt, intoStride);
    }

    @Override
    public void dots(float[] a, int aAt, float[] b, int bAt, int bStride, int rows, int depth, float[] c, int cAt) {
        for (int r = 0; r < rows; r++) {
            c[cAt + r] = VectorRows.dot(a, aAt, b, bAt + r * bStride, depth);
        }
    }

    @Override
    public double softmax(float[] x, int at, int count) {
        float max = VectorRows.finiteMax(x, at, count);
        if (Float.isNaN(max)) {
            return Double.NaN;
        }
        VectorExp.Sums sums = VectorExp.expAndSum(x, at, count, max);
        VectorElements.scale(x, at, count, 1 / sums.sum());
        return Math.log(sums.total()) - sums.weighted() / sums.total();
    }

    @Override
    public void layerNorm(
            float[] x,
            int at,
            int count,
            float eps,
            float base,
            float[] scale,
            int scaleAt,
            float[] shift,
            int shiftAt,
            float[] into,
            int intoAt) {
        double mean = VectorRows.sum(x, at, count) / count;
        double variance = VectorRows.squares(x, at, count, (float) mean) / count;
        double factor = 1 / Math.sqrt(variance + eps);
        float offset = (float) (-mean * factor);
        if (scale == null) {
            VectorElements.affine(x, at, count, (float) factor, offset, into, intoAt);
        } else {
            VectorElements.modulate(
                    x, at, count, (float) factor, offset, base, scale, scaleAt, shift, shiftAt, into, intoAt);
        }
    }

    @Override
    public void rmsNorm(float[] x, int at, int count, float eps, float[] weight, float[] into, int intoAt) {
        double factor = 1 / Math.sqrt(VectorRows.squares(x, at, count, 0) / count + eps);
        VectorElements.scale(x, at, count, (float) factor, weight, into, intoAt);
    }

    @Override
    public void gelu(float[] x, int at, int count) {
        VectorExp.gelu(x, at, count);
    }

    @Override
    public void silu(float[] x, int at, int count) {
        VectorExp.silu(x, at, count);
    }

    @Override
    public void add(float[] x, int at, float[] y, int yAt, int count) {
        VectorElements.add(x, at, y, yAt, count);
    }

    @Override
    public void addScaled(float[] x, int at, float[] y, int yAt, float[] gamma, int gammaAt, int count) {
        VectorElements.addScaled(x, at, y, yAt, gamma, gammaAt, count);
    }

    @Override
    public Moments moments(float[] x, int at, int count) {
        double mean = VectorRows.sum(x, at, count) / count;
        return new Moments(mean, VectorRows.squares(x, at, count, (float) mean) / count);
    }

    @Override
    public void affine(float[] x, int at, int count, float factor, float offset, float[] into, int intoAt) {
        VectorElements.affine(x, at, count, factor, offset, into, intoAt);
    }

    @Override
    public double sumOfSquares(float[] x, int at, int count) {
        return VectorProbabilities.sumOfSquares(x, at, count);
    }

    @Override
    public int collectAbove(float[] x, int at, int count, float least, float[] into) {
        return VectorProbabilities.collectAbove(x, at, count, least, into);
    }

    @Override
    public void descending(float[] x, int count, float[] into) {
        VectorSort.descending(x, count, into);
    }
}
