package org.headwise.schedules.conform;

import java.util.Arrays;
import org.headwise.schedules.runtime.TopTokens;

/**
 * Judges a choice of the highest scores where equal scores may be taken in any order: whoever lies clearly above the
 * least that is taken must be there, whoever lies clearly below must not.
 *
 * @param ranked [held] or more, negative infinity for the window
 * @param window tokens that stay in any case
 * @param tokens how many stay, the window included
 * @param slack how far apart two scores must be to be clearly apart, relative to 1 + the score
 */
record KeptTokens(double[] ranked, int[] window, int tokens, double slack) {
    /** What is wrong with a choice, ascending; empty when nothing is. */
    String problem(int[] kept) {
        if (kept.length != tokens) {
            return kept.length + " tokens are kept, expected " + tokens;
        }
        int[] times = new int[ranked.length];
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] < 0 || kept[i] >= ranked.length || i > 0 && kept[i] < kept[i - 1]) {
                return "token " + kept[i] + " is out of order or range";
            }
            times[kept[i]]++;
        }
        for (int token : window) {
            if (times[token]-- == 0) {
                return "token " + token + " of the window is missing";
            }
        }
        double least = least();
        double margin = Double.isInfinite(least) ? 0 : slack * (1 + Math.abs(least));
        for (int token = 0; token < ranked.length; token++) {
            if (times[token] > 1) {
                return "token " + token + " is kept too often";
            }
            if (times[token] == 0 && ranked[token] > least + margin) {
                return "token " + token + " of score " + ranked[token] + " is missing, the least taken has " + least;
            }
            if (times[token] == 1 && ranked[token] < least - margin) {
                return "token " + token + " of score " + ranked[token] + " is kept, the least taken has " + least;
            }
        }
        return "";
    }

    private double least() {
        int taken = tokens - window.length;
        return taken == 0
                ? Double.POSITIVE_INFINITY
                : Arrays.stream(TopTokens.highest(ranked, taken))
                        .mapToDouble(i -> ranked[i])
                        .min()
                        .orElseThrow();
    }
}
