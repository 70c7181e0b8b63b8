package org.headwise.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.headwise.attention.AttentionEngine.Order;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What keys receive is what an observer sees of them, added up. */
class ReceivedTest {
    private static final int ROWS = 2;
    private static final int DIM = 8;

    @Test
    void isTheSumOfWhatObserversSee() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int kvHeads = 1 + random.nextInt(4);
            int group = 1 + random.nextInt(3);
            int prompt = 1 + random.nextInt(90);
            int[] asked = IntStream.range(0, kvHeads)
                    .map(head -> Received.NOTHING + random.nextInt(6))
                    .toArray();
            Geometry geometry = Geometry.raster("test", 1, kvHeads * group, kvHeads, DIM, new Grid(1, 3))
                    .withPrompt(prompt);
            double[][] expected = new double[ROWS * kvHeads][];
            for (int unit = 0; unit < expected.length; unit++) {
                expected[unit] = new double[numbers(asked[unit % kvHeads], prompt)];
            }
            AttentionObserver observer = block -> {
                int kvHead = block.head() / group;
                double[] into = expected[block.image() * kvHeads + kvHead];
                for (int q = 0; q < block.queries(); q++) {
                    int back = prompt - 1 - block.firstQuery() - q;
                    int start = asked[kvHead] == Received.ALL ? 0 : into.length - (back + 1) * prompt;
                    for (int key = 0; key < prompt && start >= 0 && into.length > 0; key++) {
                        into[start + key] += block.probabilities()[q * block.stride() + key];
                    }
                }
            };
            List<BatchRow> rows = List.of(new BatchRow(0, Guidance.CONDITIONAL), new BatchRow(1, Guidance.CONDITIONAL));
            try (Engine engine = Engine.vector(2);
                    FullCache cache = new FullCache()) {
                cache.begin(geometry, ROWS);
                int numbers = ROWS * prompt * kvHeads * DIM;
                cache.append(0, 0, random(random, numbers), random(random, numbers));
                Tensor q = Tensor.of(random(random, numbers * group), ROWS, prompt, kvHeads * group, DIM);
                AttentionEngine attention = new AttentionEngine(engine);
                Received received = new Received(ROWS, asked);
                Tensor plain = attention.attend(cache.view(0, 0), q, 1, Order.CAUSAL, null, received);
                Received seen = new Received(ROWS, asked);
                Tensor watched = attention.attend(
                        cache.view(0, 0), q, 1, Order.CAUSAL, new Observation(geometry, rows, 0, 0, observer), seen);
                assertArrayEquals(watched.data(), plain.data(), "seed " + seed);
                for (int unit = 0; unit < expected.length; unit++) {
                    double[] got = received.of(unit / kvHeads, unit % kvHeads);
                    assertArrayEquals(expected[unit], got, 1e-9, "seed " + seed);
                    assertArrayEquals(got, seen.of(unit / kvHeads, unit % kvHeads), "seed " + seed);
                    double all = Arrays.stream(got).sum();
                    int queries = asked[unit % kvHeads] == Received.ALL ? prompt : got.length / prompt;
                    assertEquals(queries * group, all, 1e-3, "every query gives 1, seed " + seed);
                }
            }
        }
    }

    private static int numbers(int asked, int prompt) {
        return asked == Received.NOTHING ? 0 : asked == Received.ALL ? prompt : Math.min(asked, prompt) * prompt;
    }

    private static float[] random(Random random, int count) {
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
