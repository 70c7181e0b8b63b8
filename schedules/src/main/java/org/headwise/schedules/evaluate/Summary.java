package org.headwise.schedules.evaluate;

import java.util.Collection;

/**
 * A measure over prompts.
 *
 * @param mean over the finite values; NaN when there is none
 * @param deviation sample standard deviation; 0 for fewer than two values
 * @param count how many values are finite
 * @param infinite how many are not, for example the PSNR of equal pictures
 */
public record Summary(double mean, double deviation, int count, int infinite) {
    public static Summary of(Collection<Double> values) {
        double[] finite = values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        double sum = 0;
        for (double value : finite) {
            sum += value;
        }
        double mean = sum / finite.length;
        double squares = 0;
        for (double value : finite) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = finite.length < 2 ? 0 : Math.sqrt(squares / (finite.length - 1));
        return new Summary(
                finite.length == 0 ? Double.NaN : mean, deviation, finite.length, values.size() - finite.length);
    }
}
