package org.headwise.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Cases;
import org.headwise.tensor.Engine;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;

class AttentionEngineTest {
    private static final int[] SIZES = {1, 2, 3, 4, 5, 6, 7, 12, 13, 47, 48, 49, 65, 130};
    private static final int[] DIMS = {1, 4, 8, 13, 16, 24, 32, 48, 64, 80, 128};

    /** Attention in double precision, head by head; also gives the probabilities. */
    private record Naive(double[] out, double[][] probabilities) {
        static Naive of(Problem p) {
            double[] out = new double[p.queries.size()];
            double[][] all = new double[p.rows() * p.heads * p.n][];
            for (int row = 0; row < p.rows(); row++) {
                for (int head = 0; head < p.heads; head++) {
                    for (int q = 0; q < p.n; q++) {
                        int at = ((row * p.n + q) * p.heads + head) * p.dim;
                        double[] weights = p.softmax(row, head / (p.heads / p.kvHeads), at);
                        all[(row * p.heads + head) * p.n + q] = weights;
                        for (int k = 0; k < weights.length; k++) {
                            for (int d = 0; d < p.dim; d++) {
                                int value = p.at(row, k, head / (p.heads / p.kvHeads)) + d;
                                out[at + d] += weights[k] * p.values[value];
                            }
                        }
                    }
                }
            }
            return new Naive(out, all);
        }
    }

    private record Problem(
            Tensor queries,
            float[] keys,
            float[] values,
            int[] starts,
            int n,
            int heads,
            int kvHeads,
            int dim,
            float scale) {
        static Problem draw(Cases cases, int rows, int n, int most, int kvHeads, int group, int dim) {
            int[] starts = new int[rows + 1];
            for (int r = 0; r < rows; r++) {
                starts[r + 1] = starts[r] + cases.upTo(most);
            }
            int numbers = starts[rows] * kvHeads * dim;
            return new Problem(
                    cases.tensor(rows, n, kvHeads * group, dim),
                    cases.floats(numbers),
                    cases.floats(numbers),
                    starts,
                    n,
                    kvHeads * group,
                    kvHeads,
                    dim,
                    (float) (1.5 / Math.sqrt(dim)));
        }

        int rows() {
            return starts.length - 1;
        }

        int at(int row, int key, int kvHead) {
            return ((starts[row] + key) * kvHeads + kvHead) * dim;
        }

        double[] softmax(int row, int kvHead, int query) {
            double[] out = new double[starts[row + 1] - starts[row]];
            double sum = 0;
            for (int k = 0; k < out.length; k++) {
                double score = 0;
                for (int d = 0; d < dim; d++) {
                    score += (double) queries.data()[query + d] * keys[at(row, k, kvHead) + d];
                }
                out[k] = Math.exp(score * scale);
                sum += out[k];
            }
            for (int k = 0; k < out.length; k++) {
                out[k] /= sum;
            }
            return out;
        }

        ArrayKeys view() {
            return new ArrayKeys(keys, values, starts, kvHeads, dim);
        }

        Observation observation(AttentionObserver observer) {
            List<BatchRow> rows = new ArrayList<>();
            for (int r = 0; r < rows(); r++) {
                rows.add(new BatchRow(r / 2, r % 2 == 0 ? Guidance.CONDITIONAL : Guidance.UNCONDITIONAL));
            }
            Geometry geometry = new Geometry("test", 1, heads, kvHeads, dim, List.of(new Grid(1, n)));
            return new Observation(geometry, rows, 3, 5, observer);
        }
    }

    @Test
    void agreesWithDoublePrecisionForUnevenKeysAndSharedHeads() {
        Cases cases = Cases.fresh();
        for (Engine engine : Cases.engines()) {
            try (engine) {
                for (int n : SIZES) {
                    int dim = DIMS[cases.upTo(DIMS.length) - 1];
                    check(engine, cases, Problem.draw(cases, cases.upTo(3), n, 200, cases.upTo(3), cases.upTo(3), dim));
                }
                // More keys than one block of the mixing product, and one key only.
                check(engine, cases, Problem.draw(cases, 1, 50, 3000, 1, 1, 16));
                check(engine, cases, Problem.draw(cases, 2, 1, 3000, 2, 1, 64));
                // Values where they lie, and in strips.
                check(engine, cases, Problem.draw(cases, 1, 70, 700, 1, 2, 128));
                check(engine, cases, Problem.draw(cases, 1, 90, 700, 1, 2, 128));
                check(engine, cases, Problem.draw(cases, 2, 9, 1, 2, 1, 64));
            }
        }
    }

    private static void check(Engine engine, Cases cases, Problem problem) {
        Naive naive = Naive.of(problem);
        AttentionEngine attention = new AttentionEngine(engine);
        String what = engine.describe() + ", " + problem.queries + ", starts " + List.of(problem.starts.length)
                + ", kv heads " + problem.kvHeads;
        Tensor plain = attention.attend(problem.view(), problem.queries, problem.scale, null);
        cases.close(what, naive.out, plain.data(), 2e-5, 1e-5);

        List<List<String>> order = new ArrayList<>();
        for (int h = 0; h < problem.heads; h++) {
            order.add(new ArrayList<>());
        }
        boolean[] seen = new boolean[naive.probabilities.length];
        Observation observation = problem.observation(block -> {
            order.get(block.head())
                    .add(String.format(
                            "%03d %06d", block.image() * 2 + block.guidance().ordinal(), block.firstQuery()));
            for (int q = 0; q < block.queries(); q++) {
                int row = block.image() * 2 + block.guidance().ordinal();
                int at = (row * problem.heads + block.head()) * problem.n + block.firstQuery() + q;
                synchronized (seen) {
                    assertTrue(!seen[at], what);
                    seen[at] = true;
                }
                float[] p = new float[block.keys()];
                System.arraycopy(block.probabilities(), q * block.stride(), p, 0, p.length);
                cases.close(what + " probabilities", naive.probabilities[at], p, 1e-6, 2e-5);
                double sum = 0;
                for (float each : p) {
                    sum += each;
                }
                assertEquals(1, sum, 2e-6, what);
            }
            assertEquals(3, block.layer());
            assertEquals(5, block.step());
            assertEquals(
                    block.keys(), block.runs().stream().mapToInt(KeyRun::count).sum());
        });
        Tensor observed = attention.attend(problem.view(), problem.queries, problem.scale, observation);
        assertArrayEquals(plain.data(), observed.data(), what + ", seed " + cases.seed());
        for (boolean each : seen) {
            assertTrue(each, what);
        }
        for (List<String> blocks : order) {
            assertEquals(blocks.stream().sorted().toList(), blocks, what);
        }
    }

    @Test
    void isTheSameToTheBitForAnyNumberOfThreads() {
        Cases cases = Cases.fresh();
        Problem problem = Problem.draw(cases, 4, 101, 900, 5, 2, 32);
        List<float[]> results = new ArrayList<>();
        for (int threads : new int[] {1, 2, 7}) {
            try (Engine engine = Engine.vector(threads)) {
                AttentionEngine attention = new AttentionEngine(engine);
                ConcurrentMap<Integer, double[]> sums = new ConcurrentHashMap<>();
                AttentionObserver observer = block -> {
                    double[] sum = sums.computeIfAbsent(block.head(), h -> new double[1]);
                    for (int q = 0; q < block.queries(); q++) {
                        for (int k = 0; k < block.keys(); k++) {
                            sum[0] += (k + 1) * (double) block.probabilities()[q * block.stride() + k];
                        }
                    }
                };
                results.add(attention
                        .attend(problem.view(), problem.queries, 0.3f, null)
                        .data());
                results.add(attention
                        .attend(problem.view(), problem.queries, 0.3f, problem.observation(observer))
                        .data());
                float[] perHead = new float[2 * problem.heads];
                for (int h = 0; h < problem.heads; h++) {
                    long bits = Double.doubleToLongBits(sums.get(h)[0]);
                    perHead[2 * h] = (int) bits;
                    perHead[2 * h + 1] = (int) (bits >>> 32);
                }
                results.add(perHead);
            }
        }
        for (int i = 0; i < results.size(); i++) {
            float[] expected = i % 3 == 2 ? results.get(2) : results.get(0);
            assertArrayEquals(expected, results.get(i), "seed " + cases.seed());
        }
    }

    @Test
    void handsOverOnlyRowsThatAreWanted() {
        Cases cases = Cases.fresh();
        Problem problem = Problem.draw(cases, 4, 10, 30, 2, 1, 8);
        List<Guidance> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        AttentionObserver conditionalOnly = new AttentionObserver() {
            @Override
            public boolean wants(Guidance guidance) {
                return guidance == Guidance.CONDITIONAL;
            }

            @Override
            public void observe(AttentionBlock block) {
                seen.add(block.guidance());
            }
        };
        try (Engine engine = Engine.vector(2)) {
            new AttentionEngine(engine)
                    .attend(problem.view(), problem.queries, 1, problem.observation(conditionalOnly));
        }
        assertEquals(java.util.Collections.nCopies(4, Guidance.CONDITIONAL), seen);
    }

    @Test
    void saysWhereAScoreIsBroken() {
        Cases cases = Cases.fresh();
        for (int n : new int[] {1, 100}) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 3e38f}) {
                for (Engine engine : Cases.engines()) {
                    try (engine) {
                        Problem problem = Problem.draw(cases, 3, n, 300, 2, 2, 16);
                        problem.keys[problem.at(1, 0, 1) + 5] = bad;
                        problem.queries.data()[(((1 * n) + n - 1) * 4 + 3) * 16 + 5] = 1e5f;
                        AttentionEngine attention = new AttentionEngine(engine);
                        NonFinite unknown = assertThrows(
                                NonFinite.class, () -> attention.attend(problem.view(), problem.queries, 1, null));
                        assertTrue(unknown.getMessage().contains("batch row 1, head "), unknown.getMessage());
                        NonFinite thrown = assertThrows(
                                NonFinite.class,
                                () -> attention.attend(
                                        problem.view(), problem.queries, 1, problem.observation(block -> {})));
                        assertTrue(
                                thrown.getMessage()
                                        .matches("the attention of layer 3 at step 5 has a score that is NaN or"
                                                + " infinite \\(batch row 1, head [23], query \\d+\\)"),
                                thrown.getMessage());
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Engine engine = Engine.vector(1)) {
            AttentionEngine attention = new AttentionEngine(engine);
            ArrayKeys view = new ArrayKeys(new float[24], new float[24], new int[] {0, 1, 3}, 2, 4);
            assertThrows(
                    IllegalArgumentException.class, () -> attention.attend(view, Tensor.zeros(2, 1, 3, 4), 1, null));
            assertThrows(
                    IllegalArgumentException.class, () -> attention.attend(view, Tensor.zeros(2, 1, 2, 3), 1, null));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new ArrayKeys(new float[23], new float[24], new int[] {0, 1, 3}, 2, 4));
            ArrayKeys empty = new ArrayKeys(new float[8], new float[8], new int[] {0, 0, 1}, 2, 4);
            assertThrows(IllegalStateException.class, () -> attention.attend(empty, Tensor.zeros(2, 1, 2, 4), 1, null));
        }
    }
}
