package org.headwise.model;

/** What Infinity and VAR do to queries and keys before the dot product: unit length, times a learnt scale per head. */
public final class CosineAttention {
    private static final float LOG_SCALE_LIMIT = (float) Math.log(100);
    private static final float SHORTEST = 1e-12f;

    private CosineAttention() {}

    /** exp(min(x, ln 100)) of every learnt logarithm, in place; returns the array. */
    public static float[] queryScale(float[] logarithms) {
        for (int h = 0; h < logarithms.length; h++) {
            logarithms[h] = (float) Math.exp(Math.min(logarithms[h], LOG_SCALE_LIMIT));
        }
        return logarithms;
    }

    /** Brings a vector of {@code length} numbers at {@code at} to the length {@code scale}, in place. */
    public static void normalise(float[] data, int at, int length, float scale) {
        float sum = 0;
        for (int i = at; i < at + length; i++) {
            sum += data[i] * data[i];
        }
        float factor = scale / Math.max((float) Math.sqrt(sum), SHORTEST);
        for (int i = at; i < at + length; i++) {
            data[i] *= factor;
        }
    }
}
