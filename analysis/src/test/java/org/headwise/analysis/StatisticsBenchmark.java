package org.headwise.analysis;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyRun;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/** Nanoseconds per probability of every statistic and of all together, on blocks as the attention engine makes them. */
public final class StatisticsBenchmark {
    private static final double ROUND_NANOS = 3e8;
    private static final int ROUNDS = 7;

    private StatisticsBenchmark() {}

    public static void main(String[] args) {
        measure(List.of(1, 2, 4, 6, 8, 12, 16), 64, 48);
        measure(List.of(1, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64), 64, 6);
    }

    private static void measure(List<Integer> sides, int... queries) {
        List<Grid> grids = sides.stream().map(n -> new Grid(n, n)).toList();
        Geometry geometry = new Geometry("infinity", 1, 1, 1, 64, grids);
        for (int n : queries) {
            List<AttentionBlock> blocks = blocks(geometry, n);
            System.out.printf(Locale.ROOT, "blocks of %d x %d%n", n, geometry.totalTokens());
            List<String> names =
                    Statistics.all(geometry).stream().map(Statistic::name).toList();
            for (String name : names) {
                print(
                        name,
                        geometry,
                        blocks,
                        g -> new CombinedObserver(List.copyOf(Statistics.named(g, List.of(name)))));
            }
            print("all together", geometry, blocks, g -> new CombinedObserver(List.copyOf(Statistics.all(g))));
        }
    }

    // Time of this thread, not of the clock: other work on the machine should not count.
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<AttentionBlock> blocks(Geometry geometry, int queries) {
        int step = geometry.steps().size() - 1;
        int keys = geometry.totalTokens();
        List<KeyRun> runs = RandomAttention.runs(geometry, step);
        Random random = new Random(1);
        // Of all queries, as some statistics want them in order; the numbers repeat, since they would fill the memory.
        List<float[]> rows =
                Stream.generate(() -> rows(queries, keys, random)).limit(8).toList();
        return IntStream.range(0, Math.ceilDiv(geometry.tokens(step), queries))
                .mapToObj(b -> new AttentionBlock(
                        geometry,
                        0,
                        Guidance.CONDITIONAL,
                        0,
                        0,
                        step,
                        b * queries,
                        Math.min(queries, geometry.tokens(step) - b * queries),
                        keys,
                        runs,
                        rows.get(b % 8),
                        keys))
                .toList();
    }

    private static float[] rows(int queries, int keys, Random random) {
        float[] rows = new float[queries * keys];
        for (int q = 0; q < queries; q++) {
            double sum = 0;
            for (int k = 0; k < keys; k++) {
                double w = Math.exp(2 * random.nextGaussian());
                rows[q * keys + k] = (float) w;
                sum += w;
            }
            for (int k = 0; k < keys; k++) {
                rows[q * keys + k] /= (float) sum;
            }
        }
        return rows;
    }

    private static void print(
            String name,
            Geometry geometry,
            List<AttentionBlock> blocks,
            Function<Geometry, AttentionObserver> factory) {
        AttentionObserver observer = factory.apply(geometry);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpuNanos();
            long elements = 0;
            while (cpuNanos() - start < ROUND_NANOS) {
                for (AttentionBlock block : blocks) {
                    observer.observe(block);
                    elements += (long) block.queries() * block.keys();
                }
            }
            best = Math.min(best, (cpuNanos() - start) / (double) elements);
        }
        System.out.printf(Locale.ROOT, "  %-14s %6.2f ns per probability%n", name, best);
    }
}
