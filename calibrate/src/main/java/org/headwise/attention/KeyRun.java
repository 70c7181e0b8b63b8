package org.headwise.attention;

/**
 * Consecutive keys of one step in a view.
 *
 * @param step the step that made the keys (the source scale)
 * @param firstToken index of the first of them among the tokens of that step
 * @param count how many
 */
public record KeyRun(int step, int firstToken, int count) {}
