package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Sums over one row of numbers. */
final class VectorRows {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /** Float sums of this many numbers are added up as doubles, so that long rows lose nothing. */
    private static final int RUN = 4096;

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(S, 8, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(S, 4, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(S, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(S, 1, 1, true);

    private VectorRows() {}

    /**
     * The sum of all lanes, always in the same order. {@code reduceLanes} adds in another order once it is compiled, so a
     * result could change while a program runs.
     */
    static float total(FloatVector v) {
        if (L > 16) {
            float sum = 0;
            for (int i = 0; i < L; i++) {
                sum += v.lane(i);
            }
            return sum;
        }
        if (L >= 16) {
            v = v.add(v.rearrange(BY_8));
        }
        if (L >= 8) {
            v = v.add(v.rearrange(BY_4));
        }
        if (L >= 4) {
            v = v.add(v.rearrange(BY_2));
        }
        return v.add(v.rearrange(BY_1)).lane(0);
    }

    /** The largest of at least one number, or NaN if one of them is not finite. */
    static float finiteMax(float[] x, int at, int count) {
        int rest = count % L;
        float max = rest < count ? maxOfVectors(x, at, at + count - rest) : Float.NEGATIVE_INFINITY;
        if (rest == 0) {
            return max;
        }
        int from = at + count - rest;
        return Math.max(max, maxOfVectors(VectorExp.last(x, from, rest, x[from]), 0, L));
    }

    private static float maxOfVectors(float[] x, int at, int end) {
        FloatVector max0 = FloatVector.fromArray(S, x, at);
        FloatVector max1 = max0;
        FloatVector zero = FloatVector.zero(S);
        // Zero times NaN or infinity is NaN, and stays.
        FloatVector bad0 = max0.mul(zero);
        FloatVector bad1 = zero;
        int i = at + L;
        for (; i <= end - 2 * L; i += 2 * L) {
            FloatVector x0 = FloatVector.fromArray(S, x, i);
            FloatVector x1 = FloatVector.fromArray(S, x, i + L);
            max0 = max0.blend(x0, x0.compare(VectorOperators.GT, max0));
            max1 = max1.blend(x1, x1.compare(VectorOperators.GT, max1));
            bad0 = x0.fma(zero, bad0);
            bad1 = x1.fma(zero, bad1);
        }
        if (i < end) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            max0 = max0.blend(v, v.compare(VectorOperators.GT, max0));
            bad0 = v.fma(zero, bad0);
        }
        max0 = max0.blend(max1, max1.compare(VectorOperators.GT, max0));
        return max0.reduceLanes(VectorOperators.MAX) + total(bad0.add(bad1));
    }

    static double sum(float[] x, int at, int count) {
        double total = 0;
        for (int from = 0; from < count; from += RUN) {
            total += runSum(x, at + from, Math.min(RUN, count - from));
        }
        return total;
    }

    private static float runSum(float[] x, int at, int count) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = FloatVector.zero(S);
        int i = at;
        for (int end = at + count - 2 * L; i <= end; i += 2 * L) {
            sum0 = sum0.add(FloatVector.fromArray(S, x, i));
            sum1 = sum1.add(FloatVector.fromArray(S, x, i + L));
        }
        for (; i < at + count; i += L) {
            sum0 = sum0.add(FloatVector.fromArray(S, x, i, S.indexInRange(i, at + count)));
        }
        return total(sum0.add(sum1));
    }

    /** Sum of (x - centre)^2. */
    static double squares(float[] x, int at, int count, float centre) {
        double total = 0;
        for (int from = 0; from < count; from += RUN) {
            total += runSquares(x, at + from, Math.min(RUN, count - from), centre);
        }
        return total;
    }

    private static float runSquares(float[] x, int at, int count, float centre) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = FloatVector.zero(S);
        int i = at;
        for (int end = at + count - 2 * L; i <= end; i += 2 * L) {
            FloatVector d0 = FloatVector.fromArray(S, x, i).sub(centre);
            FloatVector d1 = FloatVector.fromArray(S, x, i + L).sub(centre);
            sum0 = d0.fma(d0, sum0);
            sum1 = d1.fma(d1, sum1);
        }
        for (; i < at + count; i += L) {
            VectorMask<Float> inside = S.indexInRange(i, at + count);
            FloatVector d = FloatVector.zero(S)
                    .blend(FloatVector.fromArray(S, x, i, inside).sub(centre), inside);
            sum0 = d.fma(d, sum0);
        }
        return total(sum0.add(sum1));
    }

    static float dot(float[] a, int aAt, float[] b, int bAt, int count) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = FloatVector.zero(S);
        int i = 0;
        for (; i <= count - 2 * L; i += 2 * L) {
            sum0 = FloatVector.fromArray(S, a, aAt + i).fma(FloatVector.fromArray(S, b, bAt + i), sum0);
            sum1 = FloatVector.fromArray(S, a, aAt + i + L).fma(FloatVector.fromArray(S, b, bAt + i + L), sum1);
        }
        if (i <= count - L) {
            sum1 = FloatVector.fromArray(S, a, aAt + i).fma(FloatVector.fromArray(S, b, bAt + i), sum1);
            i += L;
        }
        float sum = total(sum0.add(sum1));
        for (; i < count; i++) {
            sum += a[aAt + i] * b[bAt + i];
        }
        return sum;
    }
}
