package org.headwise.analysis;

import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/** Random disjoint groups of prompts, the same for the same seed. */
final class Splits {
    private final RandomGenerator random;
    private final int[] order;

    Splits(int prompts, long seed) {
        random = new Well19937c(seed);
        order = new int[prompts];
        for (int i = 0; i < prompts; i++) {
            order[i] = i;
        }
    }

    /** Two disjoint groups of {@code size} prompts each. */
    int[][] next(int size) {
        for (int i = 0; i < 2 * size; i++) {
            int j = i + random.nextInt(order.length - i);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        int[][] groups = new int[2][size];
        System.arraycopy(order, 0, groups[0], 0, size);
        System.arraycopy(order, size, groups[1], 0, size);
        return groups;
    }

    /** As many prompts as there are, drawn with replacement. */
    int[] resample() {
        int[] drawn = new int[order.length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = random.nextInt(order.length);
        }
        return drawn;
    }

    /** Mean over these prompts of [prompts][values]. */
    static double[] mean(double[][] byPrompt, int[] prompts) {
        double[] mean = new double[byPrompt[0].length];
        for (int p : prompts) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += byPrompt[p][i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= prompts.length;
        }
        return mean;
    }
}
