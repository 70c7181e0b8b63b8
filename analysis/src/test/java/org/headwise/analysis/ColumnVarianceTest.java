package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class ColumnVarianceTest extends StatisticContract {
    private static final Geometry GEOMETRY = RandomAttention.SMALL;
    private static final int LAST = 3;

    @Override
    Statistic create(Geometry geometry) {
        return new ColumnVariance(geometry);
    }

    /** Commons Math, column by column, of the whole matrix. */
    @Test
    void equalsTheVarianceOfEveryColumnOfTheWholeMatrix() {
        for (long seed = 1; seed <= 20; seed++) {
            RandomAttention attention = RandomAttention.of(GEOMETRY, seed);
            ColumnVariance statistic = new ColumnVariance(GEOMETRY);
            attention.feed(statistic, 1 + (int) (seed % 7), 2);
            for (int head = 0; head < 6; head++) {
                double expected = 0;
                double means = 0;
                for (int key = 0; key < GEOMETRY.totalTokens(); key++) {
                    double[] column = column(attention, head, key);
                    expected += StatUtils.populationVariance(column);
                    means += Math.pow(StatUtils.mean(column), 2);
                }
                assertEquals(expected, statistic.variance()[head], 1e-6 * expected, "seed " + seed);
                assertEquals(means, statistic.columns().get(1).values()[head], 1e-6 * means, "seed " + seed);
            }
        }
    }

    private static double[] column(RandomAttention attention, int head, int key) {
        return IntStream.range(0, GEOMETRY.tokens(LAST))
                .mapToDouble(query -> attention.p(head / 3, head % 3, LAST, query, key))
                .toArray();
    }

    /** Vertical: all look at token 2. Diagonal: every query at its own key. */
    @Test
    void noughtForVerticalAttentionAndNearlyOneForDiagonal() {
        ColumnVariance statistic = new ColumnVariance(GEOMETRY);
        RandomAttention.of(GEOMETRY, (l, h, t, q, s, k) -> {
                    boolean vertical = s == 0;
                    boolean diagonal = s == t && k == q;
                    return (h == 0 ? vertical : h == 1 ? diagonal : true) ? 1 : 0;
                })
                .feed(statistic, 4, 0);
        double[] variance = statistic.variance();
        int n = GEOMETRY.tokens(LAST);
        for (int layer = 0; layer < 2; layer++) {
            assertEquals(0, variance[layer * 3], 1e-12);
            // Each of n columns holds a single 1: 1/n - 1/n^2.
            assertEquals(1 - 1.0 / n, variance[layer * 3 + 1], 1e-12);
            assertEquals(0, variance[layer * 3 + 2], 1e-7, "uniform");
        }
    }

    @Test
    void onlyTheLastStepCounts() {
        Geometry other = new Geometry("x", 1, 1, 1, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3)));
        ColumnVariance statistic = new ColumnVariance(other);
        RandomAttention attention = RandomAttention.of(other, 3);
        attention.feed(statistic, 0, 0, 0, 4, 0);
        attention.feed(statistic, 0, 0, 1, 4, 0);
        assertTrue(Double.isNaN(statistic.variance()[0]));
        attention.feed(statistic, 0, 0, 2, 4, 0);
        assertTrue(statistic.variance()[0] > 0);
        assertEquals(1, statistic.sums().get("prompts")[0]);
    }

    @Test
    void aMissingBlockIsNoticed() {
        ColumnVariance statistic = new ColumnVariance(GEOMETRY);
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> RandomAttention.of(GEOMETRY, 1)
                        .feed(
                                block -> {
                                    if (block.firstQuery() != 4) {
                                        statistic.observe(block);
                                    }
                                },
                                0,
                                1,
                                LAST,
                                4,
                                0));
        assertTrue(refused.getMessage().contains("layer 0, head 1: query 8 of the last step"), refused.getMessage());
    }
}
