package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class SelectivityTest extends StatisticContract {
    private static final Geometry GEOMETRY = RandomAttention.SMALL;

    @Override
    Statistic create(Geometry geometry) {
        return new Selectivity(geometry);
    }

    /** Sorts every row: the plain reading of equation 2. */
    @Test
    void indexEqualsThatOfSortedRows() {
        for (long seed = 1; seed <= 20; seed++) {
            RandomAttention attention = RandomAttention.of(GEOMETRY, seed);
            Selectivity selectivity = new Selectivity(GEOMETRY);
            attention.feed(selectivity, 5, 3);
            for (int top : Selectivity.TOP) {
                double[] index = selectivity.index(top);
                for (int layer = 0; layer < 2; layer++) {
                    for (int step = 0; step < 4; step++) {
                        double expected = index(attention, layer, step, top);
                        assertEquals(expected, index[layer * 4 + step], 1e-6, "seed " + seed + ", step " + step);
                    }
                }
            }
        }
    }

    private static double index(RandomAttention attention, int layer, int t, int top) {
        int before = GEOMETRY.firstToken(t);
        double own = 0;
        double liked = 0;
        for (int h = 0; h < GEOMETRY.heads(); h++) {
            int head = h;
            for (int q = 0; q < GEOMETRY.tokens(t); q++) {
                int query = q;
                own += IntStream.range(before, GEOMETRY.firstToken(t + 1))
                        .mapToDouble(k -> attention.p(layer, head, t, query, k))
                        .sum();
                double[] history = IntStream.range(0, before)
                        .mapToDouble(k -> -attention.p(layer, head, t, query, k))
                        .sorted()
                        .toArray();
                liked -= DoubleStream.of(history).limit(top).sum();
            }
        }
        double count = GEOMETRY.heads() * GEOMETRY.tokens(t);
        return own / count * (liked / count);
    }

    @Test
    void uniformAttentionByHand() {
        Selectivity selectivity = new Selectivity(GEOMETRY);
        RandomAttention.of(GEOMETRY, (l, h, t, q, s, k) -> 1).feed(selectivity, 4, 0);
        // Steps of 1, 6, 16 and 35 tokens.
        assertEquals(0, selectivity.index(8)[0]);
        assertEquals(6 / 7.0 * (1 / 7.0), selectivity.index(8)[1], 1e-6);
        assertEquals(16 / 23.0 * (7 / 23.0), selectivity.index(8)[2], 1e-6);
        assertEquals(35 / 58.0 * (8 / 58.0), selectivity.index(8)[3], 1e-6);
        assertTrue(Arrays.stream(selectivity.zScores(8)).allMatch(z -> Math.abs(z) < 1e-3), "all layers are alike");
    }

    @Test
    void zScoresAreOfMeanNoughtAndDeviationOneWithinAStep() {
        Geometry geometry =
                new Geometry("x", 5, 2, 2, 4, java.util.List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3)));
        Selectivity selectivity = new Selectivity(geometry);
        RandomAttention.of(geometry, 3).feed(selectivity, 4, 0);
        double[] z = selectivity.zScores(1);
        double[] index = selectivity.index(1);
        for (int step = 1; step < 3; step++) {
            int s = step;
            double[] column =
                    IntStream.range(0, 5).mapToDouble(l -> z[l * 3 + s]).toArray();
            assertEquals(0, DoubleStream.of(column).sum(), 1e-9);
            assertEquals(1, Math.sqrt(DoubleStream.of(column).map(x -> x * x).sum() / 5), 1e-5);
            for (int l = 1; l < 5; l++) {
                assertEquals(
                        Math.signum(index[l * 3 + s] - index[s]), Math.signum(column[l] - column[0]), "layer " + l);
            }
        }
    }

    @Test
    void anotherNumberOfKeysIsRefused() {
        assertThrows(InputRefused.class, () -> new Selectivity(GEOMETRY).index(7));
    }
}
