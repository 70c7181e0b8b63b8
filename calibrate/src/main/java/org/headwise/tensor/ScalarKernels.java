package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Plain loops: the reference that the fast kernels are tested against, and what runs where there is no Vector API. */
final class ScalarKernels implements Kernels {
    private static final int PANEL = 16;

    @Override
    public String describe() {
        return "scalar";
    }

    @Override
    public int lanes() {
        return 1;
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
        for (int r = 0; r < rows; r++) {
            int row = cAt + r * cStride;
            if (!add) {
                Arrays.fill(c, row, row + columns, 0);
            }
            for (int k = 0; k < depth; k++) {
                float factor = a[aAt + r * aStride + k];
                int from = bAt + k * bStride;
                for (int j = 0; j < columns; j++) {
                    c[row + j] += factor * b[from + j];
                }
            }
        }
    }

    @Override
    public int panelsAtOnce(int rows, DType storage) {
        return 1;
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
        widen(weight, weight.at(panel, from), depth * PANEL, tile);
        product(a, aAt, aStride, rows, tile, 0, PANEL, PANEL, depth, c, cAt, cStride, add);
    }

    private static void widen(PackedMatrix weight, long at, int count, float[] tile) {
        MemorySegment packed = weight.segment();
        if (weight.storage() == DType.F32) {
            MemorySegment.copy(packed, ValueLayout.JAVA_FLOAT, at, tile, 0, count);
            return;
        }
        int lanes = weight.lanes();
        boolean half = weight.storage() == DType.F16;
        for (int pair = 0; pair < count / 2; pair++) {
            int both = packed.get(ValueLayout.JAVA_INT, at + 4L * pair);
            int column = pair / lanes * 2 * lanes + pair % lanes;
            tile[column] = half ? Float.float16ToFloat((short) both) : DType.bf16((short) both);
            tile[column + lanes] =
                    half ? Float.float16ToFloat((short) (both >>> 16)) : DType.bf16((short) (both >>> 16));
        }
    }

    @Override
    public void transpose(
            float[] x, int at, int stride, int rows, int columns, float[] into, int intoAt, int intoStride) {
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                into[intoAt + c * intoStride + r] = x[at + r * stride + c];
            }
        }
    }

    @Override
    public void dots(float[] a, int aAt, float[] b, int bAt, int bStride, int rows, int depth, float[] c, int cAt) {
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int k = 0; k < depth; k++) {
                sum += (double) a[aAt + k] * b[bAt + r * bStride + k];
            }
            c[cAt + r] = (float) sum;
        }
    }

    @Override
    public double softmax(float[] x, int at, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + count; i++) {
            if (!Float.isFinite(x[i])) {
                return Double.NaN;
            }
            max = Math.max(max, x[i]);
        }
        double sum = 0;
        double weighted = 0;
        for (int i = at; i < at + count; i++) {
            double exponent = x[i] - max;
            x[i] = (float) Math.exp(exponent);
            sum += x[i];
            weighted += x[i] > 0 ? x[i] * exponent : 0;
        }
        float factor = (float) (1 / sum);
        for (int i = at; i < at + count; i++) {
            x[i] *= factor;
        }
        return Math.log(sum) - weighted / sum;
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
        Moments moments = moments(x, at, count);
        double factor = 1 / Math.sqrt(moments.variance() + eps);
        for (int i = 0; i < count; i++) {
            double normal = (x[at + i] - moments.mean()) * factor;
            into[intoAt + i] =
                    (float) (scale == null ? normal : normal * (base + scale[scaleAt + i]) + shift[shiftAt + i]);
        }
    }

    @Override
    public void rmsNorm(float[] x, int at, int count, float eps, float[] weight, float[] into, int intoAt) {
        double squares = 0;
        for (int i = at; i < at + count; i++) {
            squares += (double) x[i] * x[i];
        }
        double factor = 1 / Math.sqrt(squares / count + eps);
        for (int i = 0; i < count; i++) {
            into[intoAt + i] = (float) (x[at + i] * factor * weight[i]);
        }
    }

    @Override
    public void gelu(float[] x, int at, int count) {
        for (int i = at; i < at + count; i++) {
            double v = x[i];
            x[i] = (float) (0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));
        }
    }

    @Override
    public void silu(float[] x, int at, int count) {
        for (int i = at; i < at + count; i++) {
            x[i] = (float) (x[i] / (1 + Math.exp(-x[i])));
        }
    }

    @Override
    public void add(float[] x, int at, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            x[at + i] += y[yAt + i];
        }
    }

    @Override
    public void addScaled(float[] x, int at, float[] y, int yAt, float[] gamma, int gammaAt, int count) {
        for (int i = 0; i < count; i++) {
            x[at + i] += gamma[gammaAt + i] * y[yAt + i];
        }
    }

    @Override
    public Moments moments(float[] x, int at, int count) {
        double sum = 0;
        for (int i = at; i < at + count; i++) {
            sum += x[i];
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = at; i < at + count; i++) {
            squares += (x[i] - mean) * (x[i] - mean);
        }
        return new Moments(mean, squares / count);
    }

    @Override
    public void affine(float[] x, int at, int count, float factor, float offset, float[] into, int intoAt) {
        for (int i = 0; i < count; i++) {
            into[intoAt + i] = x[at + i] * factor + offset;
        }
    }

    @Override
    public double sumOfSquares(float[] x, int at, int count) {
        double sum = 0;
        for (int i = at; i < at + count; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum;
    }

    @Override
    public int collectAbove(float[] x, int at, int count, float least, float[] into) {
        int collected = 0;
        for (int i = at; i < at + count; i++) {
            if (x[i] > least) {
                if (collected < into.length) {
                    into[collected] = x[i];
                }
                collected++;
            }
        }
        return collected;
    }

    @Override
    public void descending(float[] x, int count, float[] into) {
        float[] ascending = Arrays.copyOf(x, count);
        Arrays.sort(ascending);
        for (int i = 0; i < count; i++) {
            into[i] = ascending[count - 1 - i];
        }
    }
}
