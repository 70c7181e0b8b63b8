package org.headwise.analysis;

import org.headwise.calibrate.Sums;

/**
 * A quantity by prompt token, added up over prompts of different lengths: the first tokens counted from the beginning,
 * the last ones from the end, all others together.
 */
final class PromptEnds {
    /** Tokens told apart at either end. */
    static final int END = 32;

    private static final int PLACES = 2 * END + 1;

    private final double[] data;

    /** Adds an array [..., 65] to the sums: the first 32, the middle, the last 32. */
    PromptEnds(Sums sums, String name, int layers, int heads) {
        data = sums.define(name, layers, heads, 2, PLACES);
    }

    /** Adds the numbers of one prompt. */
    void add(int cell, double[] byToken, int from, int tokens) {
        for (int token = 0; token < tokens; token++) {
            data[cell * PLACES + place(token, tokens)] += byToken[from + token];
        }
    }

    double get(int cell, int token, int tokens) {
        return data[cell * PLACES + place(token, tokens)];
    }

    double sum(int cell) {
        double sum = 0;
        for (int place = 0; place < PLACES; place++) {
            sum += data[cell * PLACES + place];
        }
        return sum;
    }

    private static int place(int token, int tokens) {
        int fromEnd = tokens - 1 - token;
        return token < END ? token : fromEnd < END ? PLACES - 1 - fromEnd : END;
    }
}
