package org.headwise.analysis;

import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.headwise.files.InputRefused;

/** Do heads differ more than prompts do? Two-way tests of one number per head and prompt. */
public final class Significance {
    /**
     * Friedman's test that all heads rank alike, with correction for ties.
     *
     * @param prompts N, the blocks of the test
     * @param heads the treatments
     * @param chiSquared statistic with heads - 1 degrees of freedom
     * @param pValue chance of such a value if heads did not differ (chi-squared approximation)
     * @param concordance Kendall's W: 1 when all prompts rank the heads the same, near 0 when ranks are random
     */
    public record Friedman(int prompts, int heads, double chiSquared, double pValue, double concordance) {}

    /**
     * Variance components of heads by prompts without repetition: where the differences come from.
     *
     * @param headVariance between heads, negative estimates set to 0
     * @param promptVariance between prompts, negative estimates set to 0
     * @param residual of single cells: prompts changing heads differently, and noise
     * @param headShare share of the head variance in the sum of all three
     * @param f mean square of heads over that of the residual, with (heads - 1, (heads - 1)(prompts - 1)) degrees of freedom
     * @param pValue chance of such an F if heads did not differ
     */
    public record Components(
            int prompts,
            int heads,
            double headVariance,
            double promptVariance,
            double residual,
            double headShare,
            double f,
            double pValue) {}

    private Significance() {}

    /** Friedman's test of {@code byPrompt} [prompts][heads]. */
    public static Friedman friedman(double[][] byPrompt) {
        check(byPrompt);
        int n = byPrompt.length;
        int k = byPrompt[0].length;
        double[] rankSums = new double[k];
        double ties = 0;
        for (double[] prompt : byPrompt) {
            double[] ranks = new NaturalRanking().rank(prompt);
            double squares = 0;
            for (int h = 0; h < k; h++) {
                rankSums[h] += ranks[h];
                squares += ranks[h] * ranks[h];
            }
            // Sum of squared ranks without ties, less what ties took from it: (t^3 - t) / 12 per group.
            ties += k * (k + 1.0) * (2 * k + 1) / 6 - squares;
        }
        double deviation = 0;
        for (double sum : rankSums) {
            double d = sum - n * (k + 1) / 2.0;
            deviation += d * d;
        }
        double most = n * (double) n * k * ((double) k * k - 1) / 12 - n * ties;
        if (most <= 0) {
            return new Friedman(n, k, 0, 1, 0);
        }
        double concordance = deviation / most;
        double chiSquared = concordance * n * (k - 1);
        // The upper tail itself, not one minus the lower, which would be 0 below 1e-16.
        double p = Gamma.regularizedGammaQ((k - 1) / 2.0, chiSquared / 2);
        return new Friedman(n, k, chiSquared, p, concordance);
    }

    /** Variance components of {@code byPrompt} [prompts][heads]. */
    public static Components components(double[][] byPrompt) {
        check(byPrompt);
        int n = byPrompt.length;
        int k = byPrompt[0].length;
        double[] heads = new double[k];
        double[] prompts = new double[n];
        double grand = 0;
        for (int p = 0; p < n; p++) {
            for (int h = 0; h < k; h++) {
                heads[h] += byPrompt[p][h] / n;
                prompts[p] += byPrompt[p][h] / k;
                grand += byPrompt[p][h] / n / k;
            }
        }
        double ofHeads = n * squares(heads, grand) / (k - 1);
        double ofPrompts = k * squares(prompts, grand) / (n - 1);
        double rest = 0;
        for (int p = 0; p < n; p++) {
            for (int h = 0; h < k; h++) {
                double r = byPrompt[p][h] - heads[h] - prompts[p] + grand;
                rest += r * r;
            }
        }
        double residual = rest / ((k - 1.0) * (n - 1));
        double headVariance = Math.max(0, (ofHeads - residual) / n);
        double promptVariance = Math.max(0, (ofPrompts - residual) / k);
        double all = headVariance + promptVariance + residual;
        double f = ofHeads / residual;
        double p = Double.isNaN(f) ? Double.NaN : upperTail(f, k - 1, (k - 1.0) * (n - 1));
        return new Components(n, k, headVariance, promptVariance, residual, headVariance / all, f, p);
    }

    /** P(F > f) with these degrees of freedom. */
    private static double upperTail(double f, double above, double below) {
        return Beta.regularizedBeta(below / (below + above * f), below / 2, above / 2);
    }

    private static double squares(double[] values, double mean) {
        double sum = 0;
        for (double v : values) {
            sum += (v - mean) * (v - mean);
        }
        return sum;
    }

    private static void check(double[][] byPrompt) {
        if (byPrompt.length < 2 || byPrompt[0].length < 2) {
            throw new InputRefused("a test of heads against prompts needs two of each, got " + byPrompt.length
                    + " prompts and " + (byPrompt.length == 0 ? 0 : byPrompt[0].length) + " heads");
        }
        for (int p = 0; p < byPrompt.length; p++) {
            for (int h = 0; h < byPrompt[p].length; h++) {
                if (!Double.isFinite(byPrompt[p][h])) {
                    throw new InputRefused("prompt " + p + " has no value for head number " + h
                            + ": a test of heads needs every head observed on every prompt");
                }
            }
        }
    }
}
