package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class LocalityTest extends StatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new Locality(geometry);
    }

    /** A block is folded in float32: less than a millionth of up to 35 queries. */
    @Override
    double rounding() {
        return 1e-5;
    }

    private static double column(Statistic statistic, String name, int head) {
        return statistic.columns().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .values()[head];
    }

    /** Every pair of query and key by itself, in the words of the definition. */
    @Test
    void equalsTheDefinitionPairByPair() {
        Geometry geometry = RandomAttention.SMALL;
        RandomAttention attention = RandomAttention.of(geometry, 33);
        Locality locality = new Locality(geometry);
        attention.feed(locality, 6, 2);
        int steps = geometry.steps().size();
        int layer = 1;
        int head = 1;
        int rings = Displacement.rings(geometry);
        for (int s = 0; s < steps; s++) {
            Grid source = geometry.steps().get(s);
            double[][] expected = new double[2][rings];
            double[] distance = new double[2];
            for (int t = s; t < steps; t++) {
                Grid target = geometry.steps().get(t);
                for (int q = 0; q < target.tokens(); q++) {
                    int y = (int) Math.floor((q / target.width() + 0.5) / target.height() * source.height());
                    int x = (int) Math.floor((q % target.width() + 0.5) / target.width() * source.width());
                    for (int k = 0; k < source.tokens(); k++) {
                        double p = attention.p(layer, head, t, q, geometry.firstToken(s) + k);
                        int dy = Math.abs(k / source.width() - y);
                        int dx = Math.abs(k % source.width() - x);
                        int far = Math.max(dy, dx);
                        int own = t == s ? 0 : 1;
                        expected[own][far <= 2 ? far : far <= 4 ? 3 : 4] += p;
                        distance[own] += p * Math.hypot(dy / (double) source.height(), dx / (double) source.width());
                    }
                }
            }
            int at = (layer * geometry.heads() + head) * steps + s;
            for (int r = 0; r < rings; r++) {
                assertEquals(expected[0][r], locality.sums().get("own_rings")[at * rings + r], 1e-5);
                assertEquals(expected[1][r], locality.sums().get("earlier_rings")[at * rings + r], 1e-5);
            }
            assertEquals(distance[0], locality.sums().get("own_distance")[at], 1e-5);
            assertEquals(distance[1], locality.sums().get("earlier_distance")[at], 1e-5);
        }
    }

    @Test
    void radiiThatNoScaleIsLargerThanHaveNoColumn() {
        List<String> names = new Locality(RandomAttention.SMALL)
                .columns().stream().map(Column::name).toList();
        assertEquals(
                List.of("own_within_1", "own_within_2", "own_distance", "earlier_within_1", "earlier_distance"), names);
    }

    @Test
    void ringsAreOctaves() {
        int[] expected = {0, 1, 2, 3, 3, 4, 4, 4, 4, 5};
        for (int d = 0; d < expected.length; d++) {
            assertEquals(expected[d], Displacement.ring(d));
        }
        assertEquals(8, Displacement.rings(new Geometry("g", 1, 1, 1, 1, List.of(new Grid(64, 64)))));
        assertEquals(1, Displacement.rings(new Geometry("g", 1, 1, 1, 1, List.of(new Grid(1, 1)))));
    }

    @Test
    void aHeadThatLooksAtItselfIsAtDistanceZero() {
        Geometry geometry = RandomAttention.SMALL;
        Locality locality = new Locality(geometry);
        RandomAttention.of(geometry, (l, h, t, q, s, k) -> s == t && k == q ? 1 : 0)
                .feed(locality, 4, 0);
        assertEquals(1, column(locality, "own_within_1", 0));
        assertEquals(0, column(locality, "own_distance", 0));
        assertEquals(Double.NaN, column(locality, "earlier_distance", 0));
        assertArrayEquals(new double[] {1, 0, 0, 0, 0}, locality.rings(0, 0, 3, true));
    }

    @Test
    void aHeadThatLooksOneCellAboveIsOneRowAway() {
        Geometry geometry = RandomAttention.SMALL;
        Locality locality = new Locality(geometry);
        // The first row has nothing above it and looks at itself.
        RandomAttention.of(geometry, (l, h, t, q, s, k) -> {
                    int width = geometry.steps().get(t).width();
                    return s == t && k == (q < width ? q : q - width) ? 1 : 0;
                })
                .feed(locality, 4, 0);
        assertArrayEquals(new double[] {0.2, 0.8, 0, 0, 0}, locality.rings(0, 0, 3, true), 1e-6);
        double distance = (3 * 1 / 2.0 + 12 / 4.0 + 28 / 5.0) / (6 + 16 + 35);
        assertEquals(distance, column(locality, "own_distance", 0), 1e-6);
    }

    /** Some keys of a step may be gone, and a step may come in several runs. */
    @Test
    void partialRunsCount() {
        Geometry geometry = RandomAttention.SMALL;
        Locality locality = new Locality(geometry);
        List<KeyRun> runs = List.of(new KeyRun(2, 3, 4), new KeyRun(2, 14, 2), new KeyRun(3, 0, 1));
        float[] row = {0.1f, 0.2f, 0.1f, 0.2f, 0.1f, 0.2f, 0.1f};
        // Query 34 is the last of 5 x 7 and lies in the last of 4 x 4 cells: tokens 3 to 6 are (0,3), (1,0), (1,1),
        // (1,2).
        locality.observe(new AttentionBlock(geometry, 0, Guidance.CONDITIONAL, 0, 0, 3, 34, 1, 7, runs, row, 7));
        int rings = Displacement.rings(geometry);
        double[] expected = {0.2, 0.1, 0.1 + 0.2, 0.1 + 0.2, 0};
        double[] actual = java.util.Arrays.copyOfRange(locality.sums().get("earlier_rings"), 2 * rings, 3 * rings);
        assertArrayEquals(expected, actual, 1e-7);
    }
}
