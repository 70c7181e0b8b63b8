package org.headwise.tensor;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What statistics ask of a row of probabilities. ln(x) = e ln 2 + ln(1 + s) with 1 + s in [sqrt 1/2, sqrt 2), and
 * ln(1 + s) = s - s^2/2 + s^3 Q(s) with a polynomial Q of degree 6 fitted to least relative error: exactly 0 at 1, else
 * within 3e-7 of the value, relative to it.
 */
final class VectorProbabilities {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /** Lanes are added up in float32 for so many numbers, then in float64. */
    private static final int BLOCK = 32 * L;

    private static final int SQRT_HALF = 0x3f3504f3;
    private static final float LN_2 = 0.6931471805599453f;
    private static final float Q0 = 0.3333391072179461f;
    private static final float Q1 = -0.25001336738990926f;
    private static final float Q2 = 0.19963064265758165f;
    private static final float Q3 = -0.165775930132628f;
    private static final float Q4 = 0.1491477138336304f;
    private static final float Q5 = -0.14267428623326223f;
    private static final float Q6 = 0.08700354970657427f;

    /** Ones, then zeros: moved along it, a vector tells the lanes of a row from those behind its end. */
    private static final int[] INSIDE = new int[2 * L];

    static {
        Arrays.fill(INSIDE, 0, L, -1);
    }

    private VectorProbabilities() {}

    /** x ln x; 0 for 0. */
    private static FloatVector xLogX(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector exponent = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
        FloatVector s = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector q = FloatVector.broadcast(S, Q6);
        q = q.fma(s, FloatVector.broadcast(S, Q5));
        q = q.fma(s, FloatVector.broadcast(S, Q4));
        q = q.fma(s, FloatVector.broadcast(S, Q3));
        q = q.fma(s, FloatVector.broadcast(S, Q2));
        q = q.fma(s, FloatVector.broadcast(S, Q1));
        q = q.fma(s, FloatVector.broadcast(S, Q0));
        FloatVector tail = s.mul(s).mul(q.mul(s).sub(0.5f));
        FloatVector e = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
        return x.mul(e.fma(FloatVector.broadcast(S, LN_2), s.add(tail)));
    }

    static double sumXLogX(float[] x, int at, int count) {
        if (at + (count + L - 1) / L * L > x.length) {
            return sumXLogX(Arrays.copyOfRange(x, at, at + count + L), 0, count);
        }
        double sum = 0;
        int end = at + count;
        for (int from = at; from < end; from += BLOCK) {
            sum += block(x, from, Math.min(end, from + BLOCK));
        }
        return sum;
    }

    // All vectors alike and one call: masks, and calls that are too many to be inlined, would make objects of vectors.
    private static float block(float[] x, int from, int end) {
        FloatVector sum = FloatVector.zero(S);
        for (int i = from; i < end; i += L) {
            IntVector inside = IntVector.fromArray(IntVector.SPECIES_PREFERRED, INSIDE, Math.max(0, L - (end - i)));
            IntVector bits = FloatVector.fromArray(S, x, i).reinterpretAsInts().and(inside);
            sum = sum.add(xLogX(bits.reinterpretAsFloats()));
        }
        return VectorRows.total(sum);
    }

    static double sumOfSquares(float[] x, int at, int count) {
        double sum = 0;
        int end = at + count;
        for (int from = at; from < end; from += BLOCK) {
            sum += squares(x, from, Math.min(end, from + BLOCK));
        }
        return sum;
    }

    private static float squares(float[] x, int from, int end) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = FloatVector.zero(S);
        int i = from;
        for (; i <= end - 2 * L; i += 2 * L) {
            FloatVector a = FloatVector.fromArray(S, x, i);
            FloatVector b = FloatVector.fromArray(S, x, i + L);
            sum0 = a.fma(a, sum0);
            sum1 = b.fma(b, sum1);
        }
        for (; i < end; i += L) {
            FloatVector a = FloatVector.fromArray(S, x, i, S.indexInRange(i, end));
            sum0 = a.fma(a, sum0);
        }
        return VectorRows.total(sum0.add(sum1));
    }

    static int collectAbove(float[] x, int at, int count, float least, float[] into) {
        if (at + (count + L - 1) / L * L > x.length) {
            return collectAbove(Arrays.copyOfRange(x, at, at + count + L), 0, count, least, into);
        }
        int collected = 0;
        int end = at + count;
        int room = into.length - L;
        for (int i = at; i < end; i += L) {
            // What lies behind the end becomes all ones, which is no number and so above nothing.
            IntVector inside = IntVector.fromArray(IntVector.SPECIES_PREFERRED, INSIDE, Math.max(0, L - (end - i)));
            FloatVector v = FloatVector.fromArray(S, x, i)
                    .reinterpretAsInts()
                    .or(inside.not())
                    .reinterpretAsFloats();
            VectorMask<Float> above = v.compare(VectorOperators.GT, least);
            if (above.anyTrue()) {
                if (collected <= room) {
                    v.compress(above).intoArray(into, collected);
                }
                collected += above.trueCount();
            }
        }
        return collected;
    }

    static int countAbove(float[] x, int at, int count, float least) {
        int above = 0;
        int end = at + count;
        int i = at;
        for (; i <= end - L; i += L) {
            above += FloatVector.fromArray(S, x, i)
                    .compare(VectorOperators.GT, least)
                    .trueCount();
        }
        for (; i < end; i++) {
            above += x[i] > least ? 1 : 0;
        }
        return above;
    }

    static int threshold(float[] x, int count, int most, int low, int high) {
        int above = low;
        int below = high;
        while (below - above > 1) {
            int middle = (above + below) >>> 1;
            int exceeding = countAbove(x, 0, count, middle < 0 ? -1 : Float.intBitsToFloat(middle));
            if (exceeding == most) {
                return middle;
            }
            if (exceeding > most) {
                above = middle;
            } else {
                below = middle;
            }
        }
        return below;
    }
}
