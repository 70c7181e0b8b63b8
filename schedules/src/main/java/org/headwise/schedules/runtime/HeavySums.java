package org.headwise.schedules.runtime;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.headwise.attention.KvView;
import org.headwise.attention.Queries;

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
    void add(KvView view, Queries queries) {
        int[] all = IntStream.range(0, queries.attending().dim(1)).toArray();
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < kvHeads; head++) {
                double[] mass = ObservedScores.mass(view, queries, row, head, all);
                double[] before = sums[row * kvHeads + head];
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
