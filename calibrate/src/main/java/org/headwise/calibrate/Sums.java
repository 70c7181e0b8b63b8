package org.headwise.calibrate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

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

    /** Adds the numbers of {@code other}, which must have the same arrays of the same shapes. */
    public void add(Sums other) {
        if (!arrays.keySet().equals(other.arrays.keySet())) {
            throw new IllegalArgumentException(
                    "arrays " + other.arrays.keySet() + " do not merge into " + arrays.keySet());
        }
        arrays.forEach((name, array) -> {
            Array more = other.arrays.get(name);
            if (!Arrays.equals(array.shape, more.shape)) {
                throw new IllegalArgumentException(name + ": shape " + Arrays.toString(more.shape)
                        + " does not merge into " + Arrays.toString(array.shape));
            }
            for (int i = 0; i < array.data.length; i++) {
                array.data[i] += more.data[i];
            }
        });
    }

    /** Sets every number to zero. */
    public void clear() {
        arrays.values().forEach(array -> Arrays.fill(array.data, 0));
    }
}
