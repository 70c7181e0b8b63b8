package org.headwise.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.inference.TestUtils;
import org.apache.commons.math3.stat.ranking.NaturalRanking;

/**
 * Two measurements of the same prompts against each other: the paired t test of the mean difference and Wilcoxon's signed
 * rank test, both two-sided. Pairs that are not both finite are left out.
 *
 * @param n pairs
 * @param zeros pairs that are equal, which the signed rank test leaves out, as Wilcoxon did
 * @param meanDifference first less second
 * @param deviation sample standard deviation of the differences
 * @param t statistic with n - 1 degrees of freedom; NaN where all pairs are equal
 * @param tProbability chance of such a t if the means did not differ; 1 where all pairs are equal, NaN below two pairs
 * @param rankSum ranks of the pairs in which the first is larger, ties in the middle of their ranks
 * @param rankProbability chance of such a sum if signs were tosses of a coin; 1 where all pairs are equal
 */
public record PairedTest(
        int n,
        int zeros,
        double meanDifference,
        double deviation,
        double t,
        double tProbability,
        double rankSum,
        double rankProbability) {
    /** Up to so many pairs the chance of a rank sum is counted out; beyond, it is that of a normal distribution. */
    static final int MOST_COUNTED = 250;

    /** Tests {@code first} against {@code second}, [prompts] each. */
    public static PairedTest of(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException("pairs of " + first.length + " and " + second.length + " numbers");
        }
        double[] differences = IntStream.range(0, first.length)
                .filter(i -> Double.isFinite(first[i]) && Double.isFinite(second[i]))
                .mapToDouble(i -> first[i] - second[i])
                .toArray();
        double[] unequal = Arrays.stream(differences).filter(d -> d != 0).toArray();
        double[] ranks = ranks(unequal);
        double sum = IntStream.range(0, ranks.length)
                .filter(i -> unequal[i] > 0)
                .mapToDouble(i -> ranks[i])
                .sum();
        int n = differences.length;
        boolean tested = n > 1 && unequal.length > 0;
        return new PairedTest(
                n,
                n - unequal.length,
                StatUtils.mean(differences),
                Math.sqrt(StatUtils.variance(differences)),
                tested ? TestUtils.t(0, differences) : Double.NaN,
                tested ? TestUtils.tTest(0, differences) : n > 1 ? 1 : Double.NaN,
                sum,
                unequal.length == 0 ? 1 : ranks.length <= MOST_COUNTED ? counted(ranks, sum) : normal(ranks, sum));
    }

    private static double[] ranks(double[] unequal) {
        // NaturalRanking cannot rank nothing.
        return unequal.length == 0
                ? unequal
                : new NaturalRanking()
                        .rank(Arrays.stream(unequal).map(Math::abs).toArray());
    }

    /** All 2^n ways to give the ranks signs, by their sum. Ranks are multiples of a half. */
    static double counted(double[] ranks, double sum) {
        int most = (int) Math.round(2 * Arrays.stream(ranks).sum());
        double[] chance = new double[most + 1];
        chance[0] = 1;
        int reached = 0;
        for (double rank : ranks) {
            int step = (int) Math.round(2 * rank);
            for (int total = reached; total >= 0; total--) {
                chance[total] /= 2;
                chance[total + step] += chance[total];
            }
            reached += step;
        }
        int found = (int) Math.round(2 * sum);
        double below = 0;
        for (int total = 0; total <= Math.min(found, most - found); total++) {
            below += chance[total];
        }
        return Math.min(1, 2 * below);
    }

    /** With corrections for ties and continuity. */
    static double normal(double[] ranks, double sum) {
        double mean = Arrays.stream(ranks).sum() / 2;
        // The variance of a rank with a random sign is a quarter of its square, whatever is tied with it.
        double variance = Arrays.stream(ranks).map(rank -> rank * rank / 4).sum();
        double z = Math.max(0, Math.abs(sum - mean) - 0.5) / Math.sqrt(variance);
        return Math.min(1, 2 * new NormalDistribution().cumulativeProbability(-z));
    }

    /**
     * Chances of several tests, each raised so that the chance of any false alarm among them is no more than what a
     * single one says (Holm 1979). NaN stands for a test that was not made.
     */
    public static double[] holm(double[] chances) {
        double[] adjusted = new double[chances.length];
        Arrays.fill(adjusted, Double.NaN);
        int[] order = IntStream.range(0, chances.length)
                .filter(i -> !Double.isNaN(chances[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> chances[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double most = 0;
        for (int i = 0; i < order.length; i++) {
            most = Math.max(most, Math.min(1, (order.length - i) * chances[order[i]]));
            adjusted[order[i]] = most;
        }
        return adjusted;
    }
}
