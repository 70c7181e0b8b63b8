package org.headwise.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.headwise.attention.AttentionEngine.Order;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** A prompt read at once, and image tokens one by one, against softmax in double precision over what each may see. */
class CausalAttentionTest {
    private static final long SEED = 20_261_121;

    @Test
    void everyQuerySeesWhatLiesBeforeIt() {
        Random random = new Random(SEED);
        for (int round = 0; round < 12; round++) {
            int kvHeads = 1 + random.nextInt(3);
            int heads = kvHeads * (1 + random.nextInt(5));
            int headDim = round % 2 == 0 ? 32 * (1 + random.nextInt(4)) : 1 + random.nextInt(40);
            int rows = 1 + random.nextInt(3);
            int prompt = 1 + random.nextInt(130);
            Geometry geometry = Geometry.raster("test", 1, heads, kvHeads, headDim, new Grid(3, 4))
                    .withPrompt(prompt);
            String what = "seed " + SEED + ", round " + round + ": " + geometry.describe() + ", prompt " + prompt;
            try (Engine engine = random.nextBoolean() ? Engine.vector(2) : Engine.scalar(1);
                    FullCache cache = new FullCache()) {
                run(geometry, rows, engine, cache, random, what);
            }
        }
    }

    private static void run(Geometry geometry, int rows, Engine engine, FullCache cache, Random random, String what) {
        AttentionEngine attention = new AttentionEngine(engine);
        int total = geometry.totalTokens();
        int kvNumbers = geometry.kvHeads() * geometry.headDim();
        float[] keys = numbers(random, rows * total * kvNumbers);
        float[] values = numbers(random, rows * total * kvNumbers);
        cache.begin(geometry, rows);
        for (int step = 0; step < geometry.steps().size(); step++) {
            int first = geometry.firstToken(step);
            int n = geometry.tokens(step);
            cache.append(0, step, tokens(keys, rows, total, first, n), tokens(values, rows, total, first, n));
            Tensor q = Tensor.of(
                    numbers(random, rows * n * geometry.heads() * geometry.headDim()),
                    rows,
                    n,
                    geometry.heads(),
                    geometry.headDim());
            float[] got = attention
                    .attend(cache.view(0, step), q, 0.7f, Order.CAUSAL, null)
                    .data();
            float[] expected = naive(geometry, rows, first, n, q.data(), keys, values);
            assertArrayEquals(expected, got, 2e-5f, what + ", step " + step);
            float[] copied = attention
                    .attend(new CopiedView(cache.view(0, step)), q, 0.7f, Order.CAUSAL, null)
                    .data();
            assertArrayEquals(copied, got, what + ", step " + step + ", read in place and copied");
        }
    }

    /** A view that hides where its keys lie. */
    private record CopiedView(KvView view) implements KvView {
        @Override
        public int headDim() {
            return view.headDim();
        }

        @Override
        public int kvHeads() {
            return view.kvHeads();
        }

        @Override
        public int keys(int row, int kvHead) {
            return view.keys(row, kvHead);
        }

        @Override
        public void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset) {
            view.copyKeys(row, kvHead, from, count, into, offset);
        }

        @Override
        public void copyValues(int row, int kvHead, int from, int count, float[] into, int offset) {
            view.copyValues(row, kvHead, from, count, into, offset);
        }

        @Override
        public List<KeyRun> runs(int row, int kvHead) {
            return view.runs(row, kvHead);
        }
    }

    private static float[] naive(
            Geometry geometry, int rows, int first, int n, float[] q, float[] keys, float[] values) {
        int heads = geometry.heads();
        int dim = geometry.headDim();
        int total = geometry.totalTokens();
        float[] out = new float[q.length];
        for (int at = 0; at < rows * n * heads; at++) {
            int row = at / heads / n;
            int kvHead = at % heads / (heads / geometry.kvHeads());
            int visible = first + at / heads % n + 1;
            double[] weight = new double[visible];
            double sum = 0;
            for (int key = 0; key < visible; key++) {
                double score = 0;
                for (int i = 0; i < dim; i++) {
                    score += (double) q[at * dim + i]
                            * keys[((row * total + key) * geometry.kvHeads() + kvHead) * dim + i];
                }
                weight[key] = Math.exp(0.7f * score);
                sum += weight[key];
            }
            for (int i = 0; i < dim; i++) {
                double mixed = 0;
                for (int key = 0; key < visible; key++) {
                    mixed += weight[key] / sum * values[((row * total + key) * geometry.kvHeads() + kvHead) * dim + i];
                }
                out[at * dim + i] = (float) mixed;
            }
        }
        return out;
    }

    @Test
    void observersSeeNoProbabilityBehindAQuery() {
        Geometry geometry = Geometry.raster("test", 1, 2, 1, 4, new Grid(2, 2)).withPrompt(70);
        Random random = new Random(SEED);
        try (Engine engine = Engine.vector(1);
                FullCache cache = new FullCache()) {
            cache.begin(geometry, 1);
            cache.append(0, 0, numbers(random, 280), numbers(random, 280));
            AttentionObserver observer = block -> {
                for (int q = 0; q < block.queries(); q++) {
                    double sum = 0;
                    for (int key = 0; key < block.keys(); key++) {
                        float probability = block.probabilities()[q * block.stride() + key];
                        sum += probability;
                        assertEquals(key > block.firstQuery() + q, probability == 0, "seed " + SEED);
                    }
                    assertEquals(1, sum, 1e-5, "seed " + SEED);
                }
            };
            List<BatchRow> rows = List.of(new BatchRow(0, Guidance.CONDITIONAL));
            Tensor q = Tensor.of(numbers(random, 560), 1, 70, 2, 4);
            AttentionEngine attention = new AttentionEngine(engine);
            attention.attend(cache.view(0, 0), q, 1, Order.CAUSAL, new Observation(geometry, rows, 0, 0, observer));
            Tensor more = Tensor.zeros(1, 71, 2, 4);
            assertThrows(
                    IllegalStateException.class, () -> attention.attend(cache.view(0, 0), more, 1, Order.CAUSAL, null));
        }
    }

    private static float[] numbers(Random random, int count) {
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private static float[] tokens(float[] x, int rows, int total, int first, int n) {
        int numbers = x.length / rows / total;
        float[] out = new float[rows * n * numbers];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(x, (row * total + first) * numbers, out, row * n * numbers, n * numbers);
        }
        return out;
    }
}
