package org.headwise.workbench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.stream.LongStream;

/**
 * How long something took: by the clock, and by the processor time of the threads that compute, which other work on the
 * machine disturbs far less. On an idle machine with balanced threads the two are the same.
 *
 * @param seconds by the clock
 * @param cpuSeconds processor time of a computing thread, the mean over them; NaN where the system does not count it
 */
record ComputingTime(double seconds, double cpuSeconds) {
    /** Begins to measure: the caller computes, and the workers of engines do. */
    static Watch start() {
        return new Watch(System.nanoTime(), cpuNanos());
    }

    /** Counts from its making on. */
    record Watch(long wall, long cpu) {
        /** @param threads that compute */
        ComputingTime read(int threads) {
            double used = cpu < 0 ? Double.NaN : (cpuNanos() - cpu) / 1e9 / threads;
            return new ComputingTime((System.nanoTime() - wall) / 1e9, used);
        }
    }

    private static long cpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
            return -1;
        }
        long caller = Thread.currentThread().threadId();
        return LongStream.of(threads.getAllThreadIds())
                .filter(id -> id == caller || computes(threads, id))
                .map(id -> Math.max(0, threads.getThreadCpuTime(id)))
                .sum();
    }

    private static boolean computes(ThreadMXBean threads, long id) {
        var info = threads.getThreadInfo(id);
        return info != null && info.getThreadName().startsWith("headwise-worker-");
    }

    ComputingTime per(double count) {
        return new ComputingTime(seconds / count, cpuSeconds / count);
    }
}
