package org.headwise.workbench;

import org.headwise.tensor.StreamingRead;
import org.headwise.tensor.Workers;

/**
 * How fast the memory of this machine is read by the threads that compute, of the best round each.
 *
 * @param bytesPerSecond by the clock
 * @param bytesPerCpuSecond by their processor time
 */
record MemoryRate(double bytesPerSecond, double bytesPerCpuSecond) {
    private static final int COLD = 3;

    /** The better of two measurements. */
    MemoryRate or(MemoryRate other) {
        return new MemoryRate(
                Math.max(bytesPerSecond, other.bytesPerSecond), Math.max(bytesPerCpuSecond, other.bytesPerCpuSecond));
    }

    static MemoryRate measure(Workers workers, int rounds) {
        StreamingRead read = new StreamingRead();
        double best = 0;
        double bestCpu = 0;
        for (int round = 0; round < COLD + rounds; round++) {
            ComputingTime.Watch watch = ComputingTime.start();
            read.pass(workers);
            ComputingTime time = watch.read(workers.threads());
            if (round >= COLD) {
                best = Math.max(best, read.bytes() / time.seconds());
                bestCpu = Math.max(bestCpu, read.bytes() / time.cpuSeconds());
            }
        }
        return new MemoryRate(best, bestCpu);
    }
}
