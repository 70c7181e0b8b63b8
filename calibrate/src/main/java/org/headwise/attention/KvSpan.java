package org.headwise.attention;

/**
 * Consecutive keys and values of one row and kv head where they lie: key i of the span has its numbers in {@code keys}
 * from {@code keysAt + i * headDim} on, its value in {@code values} from {@code valuesAt + i * headDim} on.
 */
public record KvSpan(float[] keys, int keysAt, float[] values, int valuesAt, int tokens) {}
