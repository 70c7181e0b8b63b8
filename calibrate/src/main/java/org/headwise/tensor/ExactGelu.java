package org.headwise.tensor;

/** x * (1 + erf(x / sqrt 2)) / 2. Used on few numbers only, so it is plain and exact rather than fast. */
final class ExactGelu {
    /** From here on erf is 1 in double precision. */
    private static final double FAR = 6;

    private ExactGelu() {}

    static void apply(float[] x, int at, int count) {
        for (int i = at; i < at + count; i++) {
            x[i] = (float) (0.5 * x[i] * (1 + erf(x[i] / Math.sqrt(2))));
        }
    }

    /** The series of Abramowitz and Stegun 7.1.6; all its terms have one sign, so nothing cancels. */
    static double erf(double z) {
        if (Math.abs(z) >= FAR) {
            return Math.signum(z);
        }
        double term = z;
        double sum = z;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * z * z / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
    }
}
