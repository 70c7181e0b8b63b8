package org.headwise.workbench;

import java.util.Arrays;

/** Seconds of work, and the median of several, so that one disturbance does not count. */
final class Stopwatch {
    private Stopwatch() {}

    /** Seconds of one call. */
    static double once(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
