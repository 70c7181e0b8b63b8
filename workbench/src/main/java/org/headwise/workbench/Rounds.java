package org.headwise.workbench;

import java.util.Arrays;

/**
 * Times several pieces of work in rounds that take turns, so that other work on the machine meets all of them.
 *
 * @param count rounds that count
 * @param warmUp seconds of one batch of calls before; batches go on until they get no faster
 */
record Rounds(int count, double warmUp) {
    private static final int MOST_BATCHES = 12;
    private static final double SETTLED = 0.95;
    /** A round repeats short work for so many seconds. */
    private static final double SHORTEST = 0.02;
    /** Milliseconds before a turn: threads of the library timed before look out for work so long, on a processor each. */
    private static final long PAUSE = 100;

    /** Seconds per call, [work, round]. */
    double[][] seconds(Runnable... work) {
        double[][] seconds = new double[work.length][count];
        for (Runnable one : work) {
            warm(one);
        }
        for (int round = 0; round < count; round++) {
            for (int i = 0; i < work.length; i++) {
                pause();
                seconds[i][round] = call(work[i], Math.min(SHORTEST, warmUp));
            }
        }
        return seconds;
    }

    private void warm(Runnable work) {
        double best = call(work, warmUp);
        for (int batch = 1; batch < MOST_BATCHES; batch++) {
            double next = call(work, warmUp);
            if (next > best * SETTLED) {
                return;
            }
            best = next;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            // The measurement goes on; whoever interrupts will ask again.
            Thread.currentThread().interrupt();
        }
    }

    private static double call(Runnable work, double least) {
        int calls = 0;
        double spent = 0;
        do {
            spent += Stopwatch.once(work);
            calls++;
        } while (spent < least);
        return spent / calls;
    }

    /** The number that a part of the values does not exceed, between neighbours by their distance. */
    static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = part * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
