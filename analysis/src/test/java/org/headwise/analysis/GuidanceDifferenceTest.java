package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.attention.WatchedCache;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class GuidanceDifferenceTest {
    private static final Geometry MODEL = Geometry.raster("janus", 2, 4, 2, 3, new Grid(2, 3));

    /** Two images of numbers drawn at random; returns keys and values of [layer][step]. */
    private static float[][][][] feed(GuidanceDifference statistic, int rows, int images, long seed) {
        Random random = new Random(seed);
        Geometry geometry = MODEL.withPrompt(4);
        float[][][][] all = new float[2][6][2][];
        try (WatchedCache cache = new WatchedCache(new FullCache(), images, List.of(statistic))) {
            cache.begin(geometry, rows);
            for (int step = 0; step < 6; step++) {
                for (int layer = 0; layer < 2; layer++) {
                    for (int i = 0; i < 2; i++) {
                        float[] x = new float[rows * geometry.tokens(step) * 2 * 3];
                        for (int k = 0; k < x.length; k++) {
                            x[k] = (float) random.nextGaussian();
                        }
                        all[layer][step][i] = x;
                    }
                    cache.append(layer, step, all[layer][step][0], all[layer][step][1]);
                    assertEquals(
                            geometry.firstToken(step + 1),
                            cache.view(layer, step).keys(0, 0));
                    cache.attended(layer, step);
                }
            }
            assertEquals(6, cache.ledger().peakBytes().size());
        }
        return all;
    }

    @Test
    void isTheSquaredDifferenceTokenByToken() {
        GuidanceDifference statistic = new GuidanceDifference(MODEL);
        float[][][][] all = feed(statistic, 4, 2, 1);
        for (int layer = 0; layer < 2; layer++) {
            for (int kvHead = 0; kvHead < 2; kvHead++) {
                double[] got = statistic.byImageToken(layer, kvHead);
                double total = 0;
                double squares = 0;
                for (int token = 0; token < 5; token++) {
                    double sum = 0;
                    for (float[] x : all[layer][token + 1]) {
                        for (int image = 0; image < 2; image++) {
                            for (int d = 0; d < 3; d++) {
                                double c = x[(2 * image * 2 + kvHead) * 3 + d];
                                double u = x[((2 * image + 1) * 2 + kvHead) * 3 + d];
                                sum += (c - u) * (c - u);
                                squares += c * c + u * u;
                            }
                        }
                    }
                    assertEquals(sum / 2, got[token], 1e-9);
                    total += sum;
                }
                assertTrue(Double.isNaN(got[5]), "the last token is never read");
                for (int head = 2 * kvHead; head < 2 * kvHead + 2; head++) {
                    assertEquals(total / 10, column(statistic, "difference")[layer * 4 + head], 1e-9);
                    assertEquals(total / squares, column(statistic, "relative")[layer * 4 + head], 1e-9);
                    assertEquals(
                            (got[0] + got[3]) / 2 / (total / 10),
                            column(statistic, "first_column")[layer * 4 + head],
                            1e-9);
                    assertEquals(got[2] / (total / 10), column(statistic, "last_column")[layer * 4 + head], 1e-9);
                }
            }
        }
    }

    private static double[] column(Statistic statistic, String name) {
        return statistic.columns().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .values();
    }

    @Test
    void promptsMerge() {
        GuidanceDifference whole = new GuidanceDifference(MODEL);
        feed(whole, 2, 1, 1);
        feed(whole, 2, 1, 2);
        GuidanceDifference merged = new GuidanceDifference(MODEL);
        for (long seed = 1; seed <= 2; seed++) {
            GuidanceDifference one = new GuidanceDifference(MODEL);
            feed(one, 2, 1, seed);
            merged.sums().add(one.sums());
        }
        StatisticContract.assertSame(whole.sums(), merged.sums(), 1e-12);
        assertEquals(column(whole, "difference")[3], column(merged, "difference")[3], 1e-12);
    }

    @Test
    void isMadeOnlyWhenNamed() {
        assertTrue(Statistics.all(MODEL).stream().noneMatch(GuidanceDifference.class::isInstance));
        Statistic named =
                Statistics.named(MODEL, List.of("guidance-difference")).getFirst();
        assertTrue(named instanceof GuidanceDifference);
        assertFalse(named.wants(Guidance.CONDITIONAL) || named.wants(Guidance.UNCONDITIONAL));
        assertTrue(Double.isNaN(column(named, "difference")[0]));
    }

    @Test
    void needsGuidance() {
        InputRefused refused = assertThrows(InputRefused.class, () -> feed(new GuidanceDifference(MODEL), 1, 1, 1));
        assertTrue(refused.getMessage().contains("--cfg"), refused.getMessage());
    }
}
