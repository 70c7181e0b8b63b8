package org.headwise.workbench;

import java.util.concurrent.atomic.AtomicLong;
import org.headwise.tensor.Workers;

/** How fast the machine's memory can be read: a plain sum over memory that fits no cache, by the threads that compute. */
final class StreamingRead {
    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 96;

    private StreamingRead() {}

    /** Bytes per second by the clock and by processor time, of the best round each. */
    record Rate(double bytesPerSecond, double bytesPerCpuSecond) {}

    static Rate measure(Workers workers, int rounds) {
        int[][] memory = new int[BLOCKS][BLOCK];
        for (int[] block : memory) {
            for (int i = 0; i < BLOCK; i += 512) {
                block[i] = i;
            }
        }
        AtomicLong sum = new AtomicLong();
        double best = 0;
        double bestCpu = 0;
        for (int round = 0; round < rounds + 2; round++) {
            ComputingTime.Watch watch = ComputingTime.start();
            workers.forEach(BLOCKS, block -> sum.addAndGet(sum(memory[block])));
            ComputingTime time = watch.read(workers.threads());
            double bytes = (double) Integer.BYTES * BLOCK * BLOCKS;
            if (round >= 2) {
                best = Math.max(best, bytes / time.seconds());
                bestCpu = Math.max(bestCpu, bytes / time.cpuSeconds());
            }
        }
        if (sum.get() == 1) {
            throw new IllegalStateException("the sum is of multiples of 512");
        }
        return new Rate(best, bestCpu);
    }

    private static int sum(int[] block) {
        int sum = 0;
        for (int i = 0; i < block.length; i++) {
            sum += block[i];
        }
        return sum;
    }
}
