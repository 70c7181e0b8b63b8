package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Arithmetic number by number; the few numbers after the last whole vector go one at a time. */
final class VectorElements {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private VectorElements() {}

    /** into = x * factor + offset. */
    static void affine(float[] x, int at, int count, float factor, float offset, float[] into, int intoAt) {
        FloatVector factors = FloatVector.broadcast(S, factor);
        FloatVector offsets = FloatVector.broadcast(S, offset);
        int i = 0;
        for (; i <= count - L; i += L) {
            FloatVector.fromArray(S, x, at + i).fma(factors, offsets).intoArray(into, intoAt + i);
        }
        for (; i < count; i++) {
            into[intoAt + i] = Math.fma(x[at + i], factor, offset);
        }
    }

    /** into = (x * factor + offset) * (base + scale) + shift. */
    static void modulate(
            float[] x,
            int at,
            int count,
            float factor,
            float offset,
            float base,
            float[] scale,
            int scaleAt,
            float[] shift,
            int shiftAt,
            float[] into,
            int intoAt) {
        FloatVector factors = FloatVector.broadcast(S, factor);
        FloatVector offsets = FloatVector.broadcast(S, offset);
        int i = 0;
        for (; i <= count - L; i += L) {
            FloatVector.fromArray(S, x, at + i)
                    .fma(factors, offsets)
                    .fma(
                            FloatVector.fromArray(S, scale, scaleAt + i).add(base),
                            FloatVector.fromArray(S, shift, shiftAt + i))
                    .intoArray(into, intoAt + i);
        }
        for (; i < count; i++) {
            float normal = Math.fma(x[at + i], factor, offset);
            into[intoAt + i] = Math.fma(normal, base + scale[scaleAt + i], shift[shiftAt + i]);
        }
    }

    /** into = x * factor * weight. */
    static void scale(float[] x, int at, int count, float factor, float[] weight, float[] into, int intoAt) {
        int i = 0;
        for (; i <= count - L; i += L) {
            FloatVector.fromArray(S, x, at + i)
                    .mul(factor)
                    .mul(FloatVector.fromArray(S, weight, i))
                    .intoArray(into, intoAt + i);
        }
        for (; i < count; i++) {
            into[intoAt + i] = x[at + i] * factor * weight[i];
        }
    }

    /** x *= factor. */
    static void scale(float[] x, int at, int count, float factor) {
        int i = 0;
        for (; i <= count - L; i += L) {
            FloatVector.fromArray(S, x, at + i).mul(factor).intoArray(x, at + i);
        }
        for (; i < count; i++) {
            x[at + i] *= factor;
        }
    }

    static void add(float[] x, int at, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - L; i += L) {
            FloatVector.fromArray(S, x, at + i)
                    .add(FloatVector.fromArray(S, y, yAt + i))
                    .intoArray(x, at + i);
        }
        for (; i < count; i++) {
            x[at + i] += y[yAt + i];
        }
    }

    static void addScaled(float[] x, int at, float[] y, int yAt, float[] gamma, int gammaAt, int count) {
        int i = 0;
        for (; i <= count - L; i += L) {
            FloatVector.fromArray(S, y, yAt + i)
                    .fma(FloatVector.fromArray(S, gamma, gammaAt + i), FloatVector.fromArray(S, x, at + i))
                    .intoArray(x, at + i);
        }
        for (; i < count; i++) {
            x[at + i] = Math.fma(y[yAt + i], gamma[gammaAt + i], x[at + i]);
        }
    }
}
