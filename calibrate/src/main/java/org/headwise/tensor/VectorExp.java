package org.headwise.tensor;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
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

    /** Numbers added up before their sum joins the others'. */
    private static final int BLOCK = 32 * L;

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

    /**
     * @param sum of exponentials, one after another
     * @param total the same, as exact as the sum of exponents
     * @param weighted sum of exponentials times exponents
     */
    record Sums(float sum, double total, double weighted) {}

    /** x = exp(x - max). */
    static Sums expAndSum(float[] x, int at, int count, float max) {
        int rest = count % L;
        Sums sums = sumOfVectors(x, at, at + count - rest, max);
        if (rest == 0) {
            return sums;
        }
        float[] last = last(x, at + count - rest, rest, Float.NEGATIVE_INFINITY);
        Sums more = sumOfVectors(last, 0, L, max);
        System.arraycopy(last, 0, x, at + count - rest, rest);
        return new Sums(sums.sum + more.sum, sums.total + more.total, sums.weighted + more.weighted);
    }

    // No masks and one call of exp: the compiler stops to inline in a method that becomes large, and then makes objects
    // of vectors.
    // What an outer loop carries takes part of inner loops' sums only, since a large number swallows small ones.
    private static Sums sumOfVectors(float[] x, int at, int end, float max) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector sum = zero;
        FloatVector total = zero;
        FloatVector weighted = zero;
        for (int from = at; from < end; from += BLOCK) {
            int to = Math.min(end, from + BLOCK);
            FloatVector part = zero;
            FloatVector weightedPart = zero;
            for (int i = from; i < to; i += L) {
                FloatVector exponent = FloatVector.fromArray(S, x, i).sub(max);
                FloatVector y = exp(exponent);
                y.intoArray(x, i);
                sum = y.add(sum);
                part = y.add(part);
                // Where y is 0 the exponent may be infinite, and their product must be 0.
                weightedPart = y.fma(exponent.blend(0f, exponent.compare(VectorOperators.LT, LEAST)), weightedPart);
            }
            total = zero.add(part).add(total);
            weighted = zero.add(weightedPart).add(weighted);
        }
        return new Sums(VectorRows.total(sum), VectorRows.total(total), VectorRows.total(weighted));
    }

    /** The numbers after the last whole vector, and others that make them one. */
    static float[] last(float[] x, int at, int count, float others) {
        float[] last = new float[L];
        System.arraycopy(x, at, last, 0, count);
        Arrays.fill(last, count, L, others);
        return last;
    }

    /** x = x / (1 + exp(-x)). */
    static void silu(float[] x, int at, int count) {
        int rest = count % L;
        siluOfVectors(x, at, at + count - rest);
        if (rest > 0) {
            float[] last = last(x, at + count - rest, rest, 0);
            siluOfVectors(last, 0, L);
            System.arraycopy(last, 0, x, at + count - rest, rest);
        }
    }

    private static void siluOfVectors(float[] x, int at, int end) {
        for (int i = at; i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            gate(v, v.neg()).intoArray(x, i);
        }
    }

    /** The tanh form of GELU, written as x / (1 + exp(-2 sqrt(2 / pi) (x + 0.044715 x^3))). */
    static void gelu(float[] x, int at, int count) {
        int rest = count % L;
        geluOfVectors(x, at, at + count - rest);
        if (rest > 0) {
            float[] last = last(x, at + count - rest, rest, 0);
            geluOfVectors(last, 0, L);
            System.arraycopy(last, 0, x, at + count - rest, rest);
        }
    }

    private static void geluOfVectors(float[] x, int at, int end) {
        for (int i = at; i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            gate(v, geluExponent(v)).intoArray(x, i);
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
