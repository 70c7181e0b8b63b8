package org.headwise.synth;

import java.util.Arrays;

/**
 * One tensor of made-up weights: every number is {@code mean} plus a draw of zero mean and this deviation.
 *
 * @param shape extents
 * @param deviation 0 makes all numbers equal to the mean
 */
record SyntheticTensor(String name, long[] shape, float mean, float deviation) {
    /** Zeros, as biases are before training. */
    static SyntheticTensor zeros(String name, long... shape) {
        return new SyntheticTensor(name, shape, 0, 0);
    }

    /** Ones, as the weights of norms are before training. */
    static SyntheticTensor ones(String name, long... shape) {
        return new SyntheticTensor(name, shape, 1, 0);
    }

    /** Draws of deviation 1 / sqrt(fan-in), where all axes but the first are summed over: outputs stay as large as inputs. */
    static SyntheticTensor weight(String name, long... shape) {
        long inputs = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        return drawn(name, (float) (1 / Math.sqrt(inputs)), shape);
    }

    static SyntheticTensor drawn(String name, float deviation, long... shape) {
        return new SyntheticTensor(name, shape, 0, deviation);
    }

    long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
