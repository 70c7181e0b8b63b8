package org.headwise.workbench;

import java.util.Arrays;

/** Times work that has been warmed up: the median of several rounds, so that one disturbance does not count. */
final class Stopwatch {
    private static final double WARM_SECONDS = 0.5;
    private static final int MOST_WARM = 50;

    private Stopwatch() {}

    /** Median seconds of one call over {@code rounds}, after half a second of calls that do not count. */
    static double median(int rounds, Runnable work) {
        double warm = 0;
        for (int i = 0; i < MOST_WARM && warm < WARM_SECONDS; i++) {
            warm += once(work);
        }
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            seconds[i] = once(work);
        }
        return median(seconds);
    }

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
