package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.headwise.reports.ReportData.ScaleHeat;
import org.junit.jupiter.api.Test;

class ThinnedTest {
    @Test
    void theChoiceIsEvenAndKeepsTheEnds() {
        assertArrayEquals(new int[] {0, 1, 2}, Thinned.indices(3, 3));
        for (int n = 1; n < 300; n++) {
            int[] chosen = Thinned.indices(n, 17);
            assertEquals(Math.min(n, 17), chosen.length);
            assertEquals(0, chosen[0]);
            assertEquals(n - 1, chosen[chosen.length - 1]);
            for (int i = 1; i < chosen.length; i++) {
                assertTrue(chosen[i] > chosen[i - 1]);
                assertTrue(chosen[i] - chosen[i - 1] <= Math.ceil(n / 16.0));
            }
        }
    }

    @Test
    void groupedHeatKeepsAllAttention() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int n = 77;
        double[][][] mass = new double[1][n][n];
        for (int t = 0; t < n; t++) {
            double[] weights = random.doubles(t + 1).toArray();
            double sum = java.util.Arrays.stream(weights).sum();
            for (int s = 0; s < n; s++) {
                mass[0][s][t] = t == 5 ? Double.NaN : s > t ? 0 : weights[s] / sum;
            }
        }
        ScaleHeat grouped = new ScaleHeat(1, 1, mass).grouped(10);
        assertEquals(8, grouped.group());
        assertEquals(10, grouped.scales());
        for (int target = 0; target < 10; target++) {
            double sum = 0;
            for (int source = 0; source < 10; source++) {
                sum += grouped.of(0, 0)[source][target];
            }
            assertEquals(1, sum, 1e-12, "seed " + seed + ", a step that was not observed is left out of its group");
        }
        double wanted = 0;
        for (int t = 72; t < 77; t++) {
            for (int s = 8; s < 16; s++) {
                wanted += mass[0][s][t] / 5;
            }
        }
        assertEquals(wanted, grouped.of(0, 0)[1][9], 1e-12, "seed " + seed);
    }
}
