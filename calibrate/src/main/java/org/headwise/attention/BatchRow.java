package org.headwise.attention;

/**
 * What a batch row is.
 *
 * @param image index of the image within the batch
 */
public record BatchRow(int image, Guidance guidance) {}
