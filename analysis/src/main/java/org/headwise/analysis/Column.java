package org.headwise.analysis;

/**
 * One number for every head.
 *
 * @param name short lower-case name, unique within its statistic
 * @param unit of the numbers, for example {@code nats}, {@code share}, {@code keys}
 * @param description one line for people
 * @param values [layers, heads], row-major; NaN where nothing was observed
 */
public record Column(String name, String unit, String description, double[] values) {}
