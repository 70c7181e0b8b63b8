package org.headwise.schedules.runtime;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Takes the highest scores; of equal ones those that come first. */
public final class TopTokens {
    private TopTokens() {}

    /**
     * Indices of the {@code count} highest scores, ascending.
     *
     * @param scores no NaN among them
     */
    public static int[] highest(double[] scores, int count) {
        if (count == 0) {
            return new int[0];
        }
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double least = sorted[sorted.length - count];
        long above = Arrays.stream(scores).filter(score -> score > least).count();
        int[] taken = new int[count];
        int tied = count - (int) above;
        int at = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > least || scores[i] == least && tied-- > 0) {
                taken[at++] = i;
            }
        }
        return taken;
    }

    /** Both lists in one, ascending, repetitions kept. */
    static int[] merged(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).sorted().toArray();
    }
}
