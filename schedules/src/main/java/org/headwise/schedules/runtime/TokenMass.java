package org.headwise.schedules.runtime;

import java.util.Arrays;

/**
 * The attention that the tokens of one kv head received, slot by slot: from all queries so far, or from each of the last
 * few.
 */
final class TokenMass {
    private final int asked;
    private final double[][] rows;
    private int newest;

    /** @param asked as {@link org.headwise.attention.Received} is asked: 0 for all queries, else how many of the last */
    TokenMass(int asked) {
        this.asked = asked;
        this.rows = new double[Math.max(1, asked)][0];
    }

    int asked() {
        return asked;
    }

    /** A slot gets a token that received nothing yet. */
    void clear(int slot) {
        for (int r = 0; r < rows.length; r++) {
            if (slot >= rows[r].length) {
                rows[r] = Arrays.copyOf(rows[r], Math.max(16, 2 * slot));
            }
            rows[r][slot] = 0;
        }
    }

    /** The token of one slot moves to another. */
    void move(int from, int to) {
        for (double[] row : rows) {
            row[to] = row[from];
        }
    }

    /** Adds what {@code slots} tokens received in a step: [slots], or [queries, slots]. */
    void add(double[] received, int slots) {
        for (int start = 0; start < received.length; start += slots) {
            if (asked > 0) {
                newest = (newest + 1) % rows.length;
                Arrays.fill(rows[newest], 0);
            }
            for (int slot = 0; slot < slots; slot++) {
                rows[newest][slot] += received[start + slot];
            }
        }
    }

    double of(int slot) {
        double sum = 0;
        for (double[] row : rows) {
            sum += row[slot];
        }
        return sum;
    }
}
