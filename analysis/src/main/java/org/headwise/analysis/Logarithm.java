package org.headwise.analysis;

/**
 * Natural logarithms of float32 probabilities, in a loop that the compiler vectorises (integers in, floats out). The
 * mantissa is brought to 1 + s within [sqrt 1/2, sqrt 2), and ln(1 + s) = s - s^2/2 + s^3 Q(s) with a polynomial Q of
 * degree 6 fitted to least relative error. Exactly 0 at 1, else within 3e-7 of the value, relative to it. Numbers below
 * 2^-126, zero included, give about -88.
 */
final class Logarithm {
    private static final float Q0 = 0.3333391072179461f;
    private static final float Q1 = -0.25001336738990926f;
    private static final float Q2 = 0.19963064265758165f;
    private static final float Q3 = -0.165775930132628f;
    private static final float Q4 = 0.1491477138336304f;
    private static final float Q5 = -0.14267428623326223f;
    private static final float Q6 = 0.08700354970657427f;
    private static final int MANTISSA = (1 << 23) - 1;
    private static final int SQRT_TWO = 0x3504f3;
    private static final float LN_2 = 0.6931471805599453f;

    private Logarithm() {}

    /** Logarithms of numbers that are given by their bits and are not negative. */
    static void of(int[] bits, int count, float[] into) {
        for (int k = 0; k < count; k++) {
            int mantissa = bits[k] & MANTISSA;
            int upper = (SQRT_TWO - 1 - mantissa) >>> 31;
            float s = (mantissa - (upper << 23)) * (0x1p-23f - 0x1p-24f * upper);
            float q = Q0 + s * (Q1 + s * (Q2 + s * (Q3 + s * (Q4 + s * (Q5 + s * Q6)))));
            float exponent = (bits[k] >>> 23) - 127 + upper;
            into[k] = exponent * LN_2 + (s - s * s * (0.5f - s * q));
        }
    }
}
