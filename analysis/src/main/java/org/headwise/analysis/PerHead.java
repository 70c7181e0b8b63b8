package org.headwise.analysis;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.headwise.model.Geometry;

/** Small helpers for columns: loops over heads, means over target steps. */
final class PerHead {
    private PerHead() {}

    /** Heads of a geometry, all layers together. */
    static int count(Geometry geometry) {
        return Math.multiplyExact(geometry.layers(), geometry.heads());
    }

    /** One number for every head: [layers, heads]. */
    static double[] of(Geometry geometry, IntToDoubleFunction value) {
        double[] values = new double[count(geometry)];
        Arrays.setAll(values, value);
        return values;
    }

    /**
     * Mean over target steps of the mean over their queries, every step counting the same, as in S-CAS. The first step
     * is left out when there are others, because it sees nothing but itself.
     *
     * @param sums of a head by target step, from {@code at} on
     * @param queries counts of that head by target step, from {@code queriesAt} on
     * @return NaN when no step was seen
     */
    static double meanOverTargets(double[] sums, int at, double[] queries, int queriesAt, int steps) {
        double sum = 0;
        int seen = 0;
        for (int t = steps > 1 ? 1 : 0; t < steps; t++) {
            if (queries[queriesAt + t] > 0) {
                sum += sums[at + t] / queries[queriesAt + t];
                seen++;
            }
        }
        return seen == 0 ? Double.NaN : sum / seen;
    }
}
