package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class SinksTest extends StatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new Sinks(geometry);
    }

    private static double column(Statistic statistic, String name) {
        return statistic.columns().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .values()[0];
    }

    private static Geometry wide() {
        return new Geometry("infinity", 1, 1, 1, 1, List.of(new Grid(1, 1), new Grid(6, 5), new Grid(20, 33)));
    }

    @Test
    void topMassEqualsSortingEveryRow() {
        Geometry geometry = wide();
        for (long seed = 1; seed <= 6; seed++) {
            Random random = new Random(seed);
            // Every third prompt has rows of very different peaks, so that guessing from the row before goes wrong.
            boolean jumps = seed % 3 == 0;
            RandomAttention attention = RandomAttention.of(
                    geometry, (l, h, t, q, s, k) -> Math.exp((jumps && q % 2 == 0 ? 0.01 : 4) * random.nextGaussian()));
            Sinks sinks = new Sinks(geometry);
            attention.feed(sinks, 7, 1);
            double[][] expected = new double[3][3];
            for (int t = 0; t < 3; t++) {
                for (int q = 0; q < geometry.tokens(t); q++) {
                    double[] row = new double[geometry.firstToken(t + 1)];
                    for (int k = 0; k < row.length; k++) {
                        row[k] = attention.p(0, 0, t, q, k);
                    }
                    Arrays.sort(row);
                    int[] counts = {1, 8, 32};
                    for (int i = 0; i < 3; i++) {
                        expected[i][t] += Arrays.stream(row)
                                .skip(Math.max(0, row.length - counts[i]))
                                .sum();
                    }
                }
            }
            for (int i = 0; i < 3; i++) {
                double[] actual = Arrays.copyOfRange(sinks.sums().get("top"), i * 3, i * 3 + 3);
                assertArrayEquals(expected[i], actual, 1e-11, "seed " + seed);
            }
        }
    }

    @Test
    void tiesAndZerosAreCountedOnce() {
        Geometry geometry = wide();
        Sinks sinks = new Sinks(geometry);
        RandomAttention.of(geometry, (l, h, t, q, s, k) -> 1).feed(sinks, 16, 0);
        assertEquals((8 / 31.0 + 8 / 691.0) / 2, column(sinks, "top_8"), 1e-7);
        assertEquals((1 + 32 / 691.0) / 2, column(sinks, "top_32"), 1e-7);
        Sinks one = new Sinks(geometry);
        RandomAttention.of(geometry, (l, h, t, q, s, k) -> s == 0 ? 1 : 0).feed(one, 16, 0);
        assertEquals(1, column(one, "top_1"));
        assertEquals(1, column(one, "top_32"));
        assertEquals(1, column(one, "first_token"));
        assertEquals(1, column(one, "first_2_scales"));
    }

    @Test
    void firstTokensCrossScales() {
        Geometry geometry = wide();
        Sinks sinks = new Sinks(geometry);
        RandomAttention.of(geometry, (l, h, t, q, s, k) -> 1).feed(sinks, 16, 0);
        assertEquals((1 / 31.0 + 1 / 691.0) / 2, column(sinks, "first_token"), 1e-7);
        assertEquals((16 / 31.0 + 16 / 691.0) / 2, column(sinks, "first_16_tokens"), 1e-7);
        assertEquals((1 + 64 / 691.0) / 2, column(sinks, "first_64_tokens"), 1e-6);
        assertEquals((1 + 31 / 691.0) / 2, column(sinks, "first_2_scales"), 1e-6);
        assertEquals(0, column(sinks, "concentration"), 1e-6);
    }

    @Test
    void receivedMassIsPerKeyAndExactForSmallGrids() {
        Geometry geometry = wide();
        Sinks sinks = new Sinks(geometry);
        RandomAttention attention = RandomAttention.of(geometry, 17);
        attention.feed(sinks, 9, 0);
        assertEquals(new Grid(6, 5), sinks.receivedGrid(1));
        assertEquals(new Grid(10, 11), sinks.receivedGrid(2));
        double[] exact = sinks.received(0, 0, 1);
        for (int k = 0; k < 30; k++) {
            double sum = 0;
            for (int t = 1; t < 3; t++) {
                for (int q = 0; q < geometry.tokens(t); q++) {
                    sum += attention.p(0, 0, t, q, 1 + k);
                }
            }
            assertEquals(sum / (30 + 660), exact[k], 1e-12);
        }
        double[] pooled = sinks.received(0, 0, 2);
        // Cell (3, 4) holds rows 6 and 7, columns 12 to 14.
        double sum = 0;
        for (int q = 0; q < 660; q++) {
            for (int row = 6; row < 8; row++) {
                for (int column = 12; column < 15; column++) {
                    sum += attention.p(0, 0, 2, q, 31 + row * 33 + column);
                }
            }
        }
        assertEquals(sum / (6 * 660), pooled[3 * 11 + 4], 1e-12);
    }

    @Test
    void giniByHand() {
        assertEquals(0, Sinks.gini(new double[] {2, 2, 2}, new int[] {1, 5, 1}), 1e-12);
        assertEquals(0.75, Sinks.gini(new double[] {0, 1, 0, 0}, new int[] {1, 1, 1, 1}), 1e-12);
        // 1, 2, 3: mean absolute difference of pairs 8/9, over twice the mean 2.
        assertEquals(2 / 9.0, Sinks.gini(new double[] {3, 1, 2}, new int[] {1, 1, 1}), 1e-12);
        assertEquals(
                Sinks.gini(new double[] {1, 1, 4}, new int[] {1, 1, 1}),
                Sinks.gini(new double[] {4, 1}, new int[] {1, 2}),
                1e-12);
    }
}
