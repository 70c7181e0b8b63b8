package org.headwise.attention;

/**
 * Consecutive keys and values of one row and kv head where they lie: key i of the span has its numbers in {@code keys}
 * from {@code at + i * headDim} on, and its value likewise in {@code values}.
 */
public record KvSpan(float[] keys, float[] values, int at, int tokens) {}
