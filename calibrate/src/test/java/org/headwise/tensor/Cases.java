package org.headwise.tensor;

import java.util.List;
import java.util.Random;

/** Random numbers whose seed stands in every failure message, and comparison with a tolerance. */
public final class Cases {
    private final long seed;
    private final Random random;

    public Cases(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** Another seed in every run. */
    public static Cases fresh() {
        return new Cases(System.nanoTime());
    }

    public long seed() {
        return seed;
    }

    public int upTo(int most) {
        return 1 + random.nextInt(most);
    }

    public float[] floats(int count) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }

    public Tensor tensor(int... shape) {
        Tensor out = Tensor.zeros(shape);
        for (int i = 0; i < out.size(); i++) {
            out.data()[i] = (float) random.nextGaussian();
        }
        return out;
    }

    /** Every kind of engine, with one thread and with more. */
    public static List<Engine> engines() {
        return List.of(Engine.scalar(1), Engine.vector(1), Engine.vector(3));
    }

    /** Fails unless |actual - expected| <= absolute + relative * |expected| everywhere. */
    public void close(String what, double[] expected, float[] actual, double absolute, double relative) {
        if (expected.length != actual.length) {
            throw new AssertionError(what + ": " + actual.length + " numbers, expected " + expected.length);
        }
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            if (!(error <= absolute + relative * Math.abs(expected[i])) && actual[i] != expected[i]) {
                throw new AssertionError(
                        what + ", seed " + seed + ": number " + i + " is " + actual[i] + ", expected " + expected[i]);
            }
        }
    }

    public void close(String what, float[] expected, float[] actual, double absolute, double relative) {
        double[] wide = new double[expected.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = expected[i];
        }
        close(what, wide, actual, absolute, relative);
    }
}
