package org.headwise.attention;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Cases;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;
import org.headwise.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A program, not a test: what the kernels reach on one thread, beside ND4J (start it with OMP_NUM_THREADS=1, so that ND4J
 * has one thread too). Rounds of the candidates alternate, the best round counts, and time is the processor time of this
 * thread, so that other work on the machine disturbs little.
 */
final class KernelRates {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long WARM_UP = 1_500_000_000L;
    private static final long ROUND = 40_000_000L;
    private static final int ROUNDS = 25;

    private KernelRates() {}

    public static void main(String[] args) {
        Cases cases = new Cases(1);
        try (Engine engine = Engine.vector(1)) {
            say(
                    "%s%n%n%-20s %8s %8s %8s %8s   us: %8s %8s",
                    engine.describe(), "GEMM (GFLOP/s)", "F32", "BF16", "F16", "ND4J", "F32", "ND4J");
            double gemm = 0;
            for (int[] s : new int[][] {
                {512, 512, 512}, {64, 2048, 2048}, {1, 2048, 2048}, {1042, 128, 512}, {1042, 512, 128}, {2, 128, 128}
            }) {
                double rate = product(engine, cases, s[0], s[1], s[2]);
                gemm = Math.max(gemm, rate);
            }
            say("%n%-34s %8s %8s %8s   (of the best GEMM)", "attention (GFLOP/s)", "plain", "observed", "ratio");
            for (int[] s : new int[][] {
                {64, 4096, 64},
                {512, 4096, 64},
                {64, 4096, 128},
                {512, 4096, 128},
                {1024, 4096, 16},
                {256, 521, 16},
                {1, 4096, 64}
            }) {
                attention(engine, cases, s[0], s[1], s[2], gemm);
            }
            float[] x = cases.floats(4096);
            float[] y = new float[4096];
            double softmax = seconds(() -> {
                System.arraycopy(x, 0, y, 0, y.length);
                engine.kernels().softmax(y, 0, y.length);
            })[0];
            double gelu = seconds(() -> {
                System.arraycopy(x, 0, y, 0, y.length);
                engine.kernels().gelu(y, 0, y.length);
            })[0];
            say("%nsoftmax %.2f, gelu %.2f numbers a nanosecond", 4.096e-6 / softmax, 4.096e-6 / gelu);
        }
    }

    private static double product(Engine engine, Cases cases, int rows, int inputs, int outputs) {
        Tensor x = cases.tensor(rows, inputs);
        float[] weight = cases.floats(outputs * inputs);
        Matrix single = engine.pack(weight, outputs, inputs, DType.F32);
        Matrix brain = engine.pack(weight, outputs, inputs, DType.BF16);
        Matrix half = engine.pack(weight, outputs, inputs, DType.F16);
        INDArray a = Nd4j.createFromArray(x.data()).reshape(rows, inputs);
        INDArray b = Nd4j.createFromArray(weight)
                .reshape(outputs, inputs)
                .transpose()
                .dup('f');
        INDArray c = Nd4j.create(new long[] {rows, outputs}, 'f');
        double[] t = seconds(
                () -> engine.linear(x, single, null),
                () -> engine.linear(x, brain, null),
                () -> engine.linear(x, half, null),
                () -> a.mmuli(b, c));
        double flop = 2e-9 * rows * inputs * outputs;
        say(
                "%-20s %8.1f %8.1f %8.1f %8.1f   us: %8.1f %8.1f",
                rows + " x " + inputs + " x " + outputs,
                flop / t[0],
                flop / t[1],
                flop / t[2],
                flop / t[3],
                t[0] * 1e6,
                t[3] * 1e6);
        return flop / t[0];
    }

    private static void attention(Engine engine, Cases cases, int n, int keys, int dim, double gemm) {
        int heads = 2;
        int numbers = keys * heads * dim;
        ArrayKeys view = new ArrayKeys(cases.floats(numbers), cases.floats(numbers), new int[] {0, keys}, heads, dim);
        Tensor queries = cases.tensor(1, n, heads, dim);
        float scale = (float) (1 / Math.sqrt(dim));
        AttentionEngine attention = new AttentionEngine(engine);
        double[] perKey = new double[keys];
        Geometry geometry = new Geometry("rates", 1, heads, heads, dim, List.of(new Grid(1, n)));
        Observation observation = new Observation(
                geometry, List.of(new BatchRow(0, Guidance.CONDITIONAL)), 0, 0, block -> sum(block, perKey));
        double[] t = seconds(
                () -> attention.attend(view, queries, scale, null),
                () -> attention.attend(view, queries, scale, observation));
        double flop = 4e-9 * n * keys * dim * heads;
        say(
                "%-34s %8.1f %8.1f %8.2f",
                n + " queries, " + keys + " keys of " + dim, flop / t[0], flop / t[1], flop / t[0] / gemm);
    }

    private static void sum(AttentionBlock block, double[] perKey) {
        for (int q = 0; q < block.queries(); q++) {
            for (int k = 0; k < block.keys(); k++) {
                perKey[k] += block.probabilities()[q * block.stride() + k];
            }
        }
    }

    /** Seconds per call of each candidate. */
    private static double[] seconds(Runnable... candidates) {
        double[] best = new double[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            run(candidates[i], WARM_UP);
            best[i] = Double.MAX_VALUE;
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < candidates.length; i++) {
                best[i] = Math.min(best[i], run(candidates[i], ROUND));
            }
        }
        return best;
    }

    private static double run(Runnable candidate, long nanos) {
        long start = THREADS.getCurrentThreadCpuTime();
        long spent;
        int calls = 0;
        do {
            candidate.run();
            calls++;
            spent = THREADS.getCurrentThreadCpuTime() - start;
        } while (spent < nanos);
        return spent * 1e-9 / calls;
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
