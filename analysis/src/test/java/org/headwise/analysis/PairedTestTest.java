package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.apache.commons.math3.stat.inference.TestUtils;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.junit.jupiter.api.Test;

class PairedTestTest {
    /** Depression scores of Hollander and Wolfe (1973), page 29: V = 40, p = 0.03906 in R's wilcox.test. */
    @Test
    void signedRanksOfATextbook() {
        PairedTest test = PairedTest.of(
                new double[] {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30},
                new double[] {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29});
        assertEquals(40, test.rankSum());
        // 10 of the 512 signings have a sum of at most 5.
        assertEquals(20 / 512.0, test.rankProbability(), 1e-15);
    }

    /** Student's sleep data: t = -4.0621 with 9 degrees of freedom, p = 0.002833. */
    @Test
    void theTTestOfStudent() {
        PairedTest test = PairedTest.of(
                new double[] {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0},
                new double[] {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4});
        assertEquals(-4.0621, test.t(), 5e-5);
        assertEquals(0.002833, test.tProbability(), 5e-7);
        assertEquals(-1.58, test.meanDifference(), 1e-12);
        assertEquals(1, test.zeros());
        assertEquals(0, test.rankSum());
        // Nine unequal pairs, all of one sign.
        assertEquals(2 / 512.0, test.rankProbability(), 1e-15);
    }

    @Test
    void agreesWithCommonsMathWhereThatIsExact() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 60; trial++) {
            int n = random.nextInt(2, 13);
            double[] a = random.doubles(n).toArray();
            double[] b = random.doubles(n, -0.2, 1).toArray();
            PairedTest test = PairedTest.of(a, b);
            String where = "seed " + seed + ", trial " + trial;
            double expected = new WilcoxonSignedRankTest().wilcoxonSignedRankTest(a, b, true);
            assertEquals(Math.min(1, expected), test.rankProbability(), 1e-12, where);
            assertEquals(TestUtils.pairedTTest(a, b), test.tProbability(), 1e-12, where);
            assertEquals(TestUtils.pairedT(a, b), test.t(), 1e-9, where);
        }
    }

    /** Every signing written out, with ties and zeros. */
    @Test
    void agreesWithAllSigningsWhereRanksAreTied() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 60; trial++) {
            int n = random.nextInt(1, 12);
            double[] a = random.ints(n, -3, 4).asDoubleStream().toArray();
            double[] absolute = java.util.Arrays.stream(a)
                    .filter(d -> d != 0)
                    .map(Math::abs)
                    .toArray();
            double[] ranks = absolute.length == 0 ? absolute : new NaturalRanking().rank(absolute);
            PairedTest test = PairedTest.of(a, new double[n]);
            int low = 0;
            int high = 0;
            for (int signs = 0; signs < 1 << ranks.length; signs++) {
                double sum = 0;
                for (int i = 0; i < ranks.length; i++) {
                    sum += (signs >> i & 1) * ranks[i];
                }
                low += sum <= test.rankSum() ? 1 : 0;
                high += sum >= test.rankSum() ? 1 : 0;
            }
            double expected = Math.min(1, 2.0 * Math.min(low, high) / (1 << ranks.length));
            assertEquals(expected, test.rankProbability(), 1e-12, "seed " + seed + ", trial " + trial);
        }
    }

    @Test
    void theNormalDistributionIsCloseForManyPairs() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 20; trial++) {
            double[] ranks = new NaturalRanking()
                    .rank(random.ints(200, 1, 60).asDoubleStream().toArray());
            double sum = 0;
            for (double rank : ranks) {
                sum += random.nextDouble() < 0.55 ? rank : 0;
            }
            double exact = PairedTest.counted(ranks, sum);
            assertEquals(exact, PairedTest.normal(ranks, sum), 0.002, "seed " + seed + ", trial " + trial);
        }
    }

    @Test
    void equalAndMissingPairs() {
        PairedTest equal = PairedTest.of(new double[] {1, 2, 3}, new double[] {1, 2, 3});
        assertEquals(1, equal.tProbability());
        assertEquals(1, equal.rankProbability());
        assertEquals(3, equal.zeros());
        PairedTest some =
                PairedTest.of(new double[] {Double.POSITIVE_INFINITY, 2, Double.NaN, 5}, new double[] {1, 1, 1, 1});
        assertEquals(2, some.n());
        assertEquals(2.5, some.meanDifference());
        assertTrue(
                Double.isNaN(PairedTest.of(new double[] {1}, new double[] {2}).tProbability()));
        assertThrows(IllegalArgumentException.class, () -> PairedTest.of(new double[1], new double[2]));
    }

    /** 0.005 * 4, 0.01 * 3, 0.03 * 2, then 0.04, which is raised to the one before. */
    @Test
    void holmByHand() {
        double[] adjusted = PairedTest.holm(new double[] {0.01, 0.04, 0.03, Double.NaN, 0.005});
        assertArrayEquals(new double[] {0.03, 0.06, 0.06, Double.NaN, 0.02}, adjusted, 1e-15);
        assertArrayEquals(new double[] {1, 1}, PairedTest.holm(new double[] {0.6, 0.9}));
    }
}
