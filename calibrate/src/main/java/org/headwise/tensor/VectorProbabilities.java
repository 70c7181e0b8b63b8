package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What statistics ask of a row of probabilities. */
final class VectorProbabilities {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /** Lanes are added up in float32 for so many numbers, then in float64. */
    private static final int BLOCK = 32 * L;

    private VectorProbabilities() {}

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
        int rest = count % L;
        int collected = collectVectors(x, at, at + count - rest, least, into, 0);
        if (rest == 0) {
            return collected;
        }
        float[] last = VectorExp.last(x, at + count - rest, rest, Float.NaN);
        return collectVectors(last, 0, L, least, into, collected);
    }

    private static int collectVectors(float[] x, int at, int end, float least, float[] into, int before) {
        int collected = before;
        int room = into.length - L;
        FloatVector bound = FloatVector.broadcast(S, least);
        for (int i = at; i < end; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            VectorMask<Float> above = v.compare(VectorOperators.GT, bound);
            // Always written, since no processor foresees where the few large ones are.
            v.compress(above).intoArray(into, Math.min(collected, room));
            collected += above.trueCount();
        }
        return collected;
    }
}
