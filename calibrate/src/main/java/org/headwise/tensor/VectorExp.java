package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential function and what is made of it. exp(x) = 2^n exp(r) with n = round(x / ln 2), and a polynomial of
 * degree 7 for exp(r), |r| at most ln(2) / 2 (coefficients of Cephes, expf); the relative error is below 2e-7.
 */
final class VectorExp {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding it rounds to an integer, which then stands in the low bits of the sum. */
    private static final float ROUND = 12582912f;

    private static final float LEAST = -87f;
    private static final float MOST = 87f;
    private static final float GELU = -2 * 0.7978845608f;

    private VectorExp() {}

    /** exp(x) for x up to 87; below -87 it is 0, and NaN stays NaN. */
    private static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_LOW), n.fma(FloatVector.broadcast(S, -LN2_HIGH), x));
        FloatVector p = FloatVector.broadcast(S, 1.9875691500e-4f);
        p = p.fma(r, FloatVector.broadcast(S, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(S, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(S, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(S, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(S, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        FloatVector y = p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
        return y.blend(0f, x.compare(VectorOperators.LT, LEAST));
    }

    /** x = exp(x - max); returns the sum. */
    static float expAndSum(float[] x, int at, int count, float max) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = FloatVector.zero(S);
        int i = at;
        for (int end = at + count - 2 * L; i <= end; i += 2 * L) {
            FloatVector y0 = exp(FloatVector.fromArray(S, x, i).sub(max));
            FloatVector y1 = exp(FloatVector.fromArray(S, x, i + L).sub(max));
            y0.intoArray(x, i);
            y1.intoArray(x, i + L);
            sum0 = sum0.add(y0);
            sum1 = sum1.add(y1);
        }
        for (; i < at + count; i += L) {
            VectorMask<Float> inside = S.indexInRange(i, at + count);
            FloatVector y = exp(FloatVector.fromArray(S, x, i, inside).sub(max));
            y.intoArray(x, i, inside);
            sum0 = sum0.add(y, inside);
        }
        return VectorRows.total(sum0.add(sum1));
    }

    /** x = x / (1 + exp(-x)). */
    static void silu(float[] x, int at, int count) {
        int i = at;
        for (int end = at + count - L; i <= end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            gate(v, v.neg()).intoArray(x, i);
        }
        if (i < at + count) {
            VectorMask<Float> inside = S.indexInRange(i, at + count);
            FloatVector v = FloatVector.fromArray(S, x, i, inside);
            gate(v, v.neg()).intoArray(x, i, inside);
        }
    }

    /** The tanh form of GELU, written as x / (1 + exp(-2 sqrt(2 / pi) (x + 0.044715 x^3))). */
    static void gelu(float[] x, int at, int count) {
        int i = at;
        for (int end = at + count - L; i <= end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            gate(v, geluExponent(v)).intoArray(x, i);
        }
        if (i < at + count) {
            VectorMask<Float> inside = S.indexInRange(i, at + count);
            FloatVector v = FloatVector.fromArray(S, x, i, inside);
            gate(v, geluExponent(v)).intoArray(x, i, inside);
        }
    }

    private static FloatVector geluExponent(FloatVector x) {
        return x.mul(GELU).mul(x.mul(x).fma(FloatVector.broadcast(S, 0.044715f), FloatVector.broadcast(S, 1f)));
    }

    private static FloatVector gate(FloatVector x, FloatVector exponent) {
        FloatVector bounded = exponent.blend(MOST, exponent.compare(VectorOperators.GT, MOST));
        return x.div(exp(bounded).add(1f));
    }
}
