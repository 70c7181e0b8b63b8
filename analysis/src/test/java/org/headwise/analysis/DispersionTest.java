package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.headwise.model.Geometry;
import org.junit.jupiter.api.Test;

class DispersionTest extends StatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new Dispersion(geometry);
    }

    private static double column(Statistic statistic, String name) {
        return statistic.columns().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .values()[0];
    }

    @Test
    void uniformAttentionHasTheLogarithmOfTheKeys() {
        Geometry geometry = RandomAttention.SMALL;
        Dispersion dispersion = new Dispersion(geometry);
        RandomAttention.of(geometry, (l, h, t, q, s, k) -> 1).feed(dispersion, 4, 0);
        assertEquals(0, dispersion.entropy(0, 0, 0), 0);
        // Lanes add up in float32, and fewer lanes have longer sums.
        assertEquals(Math.log(7), dispersion.entropy(0, 0, 1), 1e-6);
        assertEquals(Math.log(58), dispersion.entropy(1, 2, 3), 1e-6);
        assertEquals((7 + 23 + 58) / 3.0, column(dispersion, "effective_keys"), 2e-5);
        assertEquals(1, column(dispersion, "relative_entropy"), 1e-6);
        assertEquals((1 / 7.0 + 1 / 23.0 + 1 / 58.0) / 3, column(dispersion, "maximum"), 1e-7);
        double spread =
                h(1 / 7.0, 6 / 7.0) + h(1 / 23.0, 6 / 23.0, 16 / 23.0) + h(1 / 58.0, 6 / 58.0, 16 / 58.0, 35 / 58.0);
        assertEquals(spread / 3, column(dispersion, "scale_spread"), 1e-6);
    }

    private static double h(double... p) {
        double sum = 0;
        for (double x : p) {
            sum -= x * Math.log(x);
        }
        return sum;
    }

    @Test
    void oneHotAttentionHasNone() {
        Dispersion dispersion = new Dispersion(RandomAttention.SMALL);
        RandomAttention.of(RandomAttention.SMALL, (l, h, t, q, s, k) -> s == t && k == 0 ? 1 : 0)
                .feed(dispersion, 4, 0);
        assertEquals(0, column(dispersion, "entropy"), 0);
        assertEquals(1, column(dispersion, "effective_keys"), 0);
        assertEquals(0, column(dispersion, "scale_spread"), 0);
        assertEquals(1, column(dispersion, "maximum"), 0);
    }

    @Test
    void entropyEqualsTheLogarithmsOfTheJdk() {
        Geometry geometry = RandomAttention.SMALL;
        for (long seed = 1; seed <= 20; seed++) {
            RandomAttention attention = RandomAttention.of(geometry, seed);
            Dispersion dispersion = new Dispersion(geometry);
            attention.feed(dispersion, 8, 0);
            for (int t = 1; t < 4; t++) {
                double sum = 0;
                for (int q = 0; q < geometry.tokens(t); q++) {
                    for (int k = 0; k < geometry.firstToken(t + 1); k++) {
                        double p = attention.p(1, 0, t, q, k);
                        sum -= p == 0 ? 0 : p * Math.log(p);
                    }
                }
                double actual = dispersion.sums().get("entropy")[3 * 4 + t];
                assertEquals(1, actual / sum, 1e-6, "seed " + seed);
            }
        }
    }
}
