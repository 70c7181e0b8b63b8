package org.headwise.calibrate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Named arrays of sums and counts: the whole state of a statistic. Merging two calibrations is adding their sums, so
 * shards merge exactly in a fixed order.
 */
public final class Sums {
    /** One array. */
    public record Array(int[] shape, double[] data) {}

    private final Map<String, Array> arrays = new LinkedHashMap<>();

    /** Adds a zero array; returns its numbers, row-major, which the caller may add to. */
    public double[] define(String name, int... shape) {
        double[] data = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        if (arrays.putIfAbsent(name, new Array(shape.clone(), data)) != null) {
            throw new IllegalArgumentException("there is already an array " + name);
        }
        return data;
    }

    public Map<String, Array> arrays() {
        return java.util.Collections.unmodifiableMap(arrays);
    }

    public double[] get(String name) {
        return arrays.get(name).data();
    }

    /** Why the numbers of {@code other} cannot be added; empty if it has the same arrays of the same shapes. */
    public Optional<String> misfit(Sums other) {
        if (!arrays.keySet().equals(other.arrays.keySet())) {
            return Optional.of("arrays " + other.arrays.keySet() + ", expected " + arrays.keySet());
        }
        return arrays.entrySet().stream()
                .filter(entry -> !Arrays.equals(entry.getValue().shape, other.arrays.get(entry.getKey()).shape))
                .map(entry -> "array " + entry.getKey() + " of shape "
                        + Arrays.toString(other.arrays.get(entry.getKey()).shape) + ", expected "
                        + Arrays.toString(entry.getValue().shape))
                .findFirst();
    }

    /** Adds the numbers of {@code other}, which must have the same arrays of the same shapes. */
    public void add(Sums other) {
        misfit(other).ifPresent(problem -> {
            throw new IllegalArgumentException("these sums do not merge: " + problem);
        });
        arrays.forEach((name, array) -> {
            double[] more = other.get(name);
            for (int i = 0; i < array.data.length; i++) {
                array.data[i] += more[i];
            }
        });
    }

    /** Sets every number to zero. */
    public void clear() {
        arrays.values().forEach(array -> Arrays.fill(array.data, 0));
    }
}
