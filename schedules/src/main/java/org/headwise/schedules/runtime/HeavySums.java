package org.headwise.schedules.runtime;

import java.util.Arrays;
import org.headwise.attention.Received;

/** The attention that every token held by one layer has received since it was made (H2O, arXiv 2306.14048). */
final class HeavySums {
    private final int rows;
    private final int kvHeads;
    private final double[][] sums;

    HeavySums(int rows, int kvHeads) {
        this.rows = rows;
        this.kvHeads = kvHeads;
        this.sums = new double[rows * kvHeads][0];
    }

    /** Adds what the queries of a step give; tokens that are new since the last time start from nothing. */
    void add(Received received) {
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < kvHeads; head++) {
                double[] mass = received.of(row, head).clone();
                double[] before = of(row, head);
                if (mass.length < before.length) {
                    throw new IllegalStateException("the attention of " + before.length + " tokens was not summed up");
                }
                for (int token = 0; token < before.length; token++) {
                    mass[token] += before[token];
                }
                sums[row * kvHeads + head] = mass;
            }
        }
    }

    /** One number per token held, in their order. */
    double[] of(int row, int kvHead) {
        return sums[row * kvHeads + kvHead];
    }

    /** Only these tokens stay. */
    void keep(int row, int kvHead, int[] kept) {
        double[] before = of(row, kvHead);
        sums[row * kvHeads + kvHead] =
                Arrays.stream(kept).mapToDouble(token -> before[token]).toArray();
    }
}
