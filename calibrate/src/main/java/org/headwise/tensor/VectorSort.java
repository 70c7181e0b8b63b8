package org.headwise.tensor;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sorting of a few numbers by counting, for each, the greater ones: no processor foresees the branches of a sort. */
final class VectorSort {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorSort() {}

    static void descending(float[] x, int count, float[] into) {
        int[] ranks = new int[(count + L - 1) / L * L];
        for (int i = 0; i < count; i += L) {
            rank(x, i, count, ranks);
        }
        Arrays.fill(into, 0, count, -1);
        for (int i = 0; i < count; i++) {
            into[ranks[i]] = x[i];
        }
        // Equal numbers share a rank, and leave the places after it empty.
        for (int i = 1; i < count; i++) {
            into[i] = into[i] < 0 ? into[i - 1] : into[i];
        }
    }

    /**
     * How many of the numbers exceed each of a vector of them; numbers that are not negative compare as their bits do.
     * What the loop carries is never asked, only handed over: of it the compiler may not know what kind of vector it is.
     */
    private static void rank(float[] x, int from, int count, int[] ranks) {
        IntVector own = FloatVector.fromArray(S, x, from).reinterpretAsInts();
        IntVector rank = IntVector.zero(I);
        for (int j = 0; j < count; j++) {
            IntVector other = IntVector.broadcast(I, Float.floatToRawIntBits(x[j]));
            // Less one where the other is greater.
            rank = own.sub(other).lanewise(VectorOperators.ASHR, 31).add(rank);
        }
        IntVector.zero(I).sub(rank).intoArray(ranks, from);
    }
}
