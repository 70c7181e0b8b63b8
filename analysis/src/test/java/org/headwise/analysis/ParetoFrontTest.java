package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
    /** Few different numbers, so that there are ties of every kind. */
    @Test
    void isWhatNothingDominates() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 2000; trial++) {
            int n = random.nextInt(1, 12);
            double[] cost = new double[n];
            double[] loss = new double[n];
            for (int i = 0; i < n; i++) {
                cost[i] = random.nextInt(6);
                loss[i] = random.nextInt(10) == 0 ? Double.NaN : random.nextInt(-3, 3);
            }
            boolean[] front = ParetoFront.of(cost, loss);
            for (int i = 0; i < n; i++) {
                boolean expected = !Double.isNaN(loss[i]);
                for (int j = 0; j < n; j++) {
                    boolean dominates =
                            cost[j] <= cost[i] && loss[j] <= loss[i] && (cost[j] < cost[i] || loss[j] < loss[i]);
                    expected &= !dominates;
                }
                assertEquals(expected, front[i], "seed " + seed + ", trial " + trial + ", choice " + i);
            }
        }
    }

    @Test
    void byHand() {
        assertArrayEquals(
                new boolean[] {true, false, true, true},
                ParetoFront.of(new double[] {1, 2, 2, 2}, new double[] {5, 5, 4, 4}));
    }
}
