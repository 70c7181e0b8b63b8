package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.distribution.FDistribution;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.Test;

class SignificanceTest {
    @Test
    void friedmanByHand() {
        Significance.Friedman all = Significance.friedman(new double[][] {{1, 2, 3}, {4, 5, 6}, {0, 7, 9}});
        assertEquals(1, all.concordance(), 1e-12);
        assertEquals(6, all.chiSquared(), 1e-12);
        assertEquals(Math.exp(-3), all.pValue(), 1e-12);
        assertEquals(3, all.prompts());
        // Ranks 1.5 1.5 3 and 1 2 3: rank sums 2.5 3.5 6 against 4; at most 8, less 2 * 6/12 for the tie.
        Significance.Friedman ties = Significance.friedman(new double[][] {{1, 1, 2}, {1, 2, 3}});
        assertEquals(6.5 / 7, ties.concordance(), 1e-12);
        assertEquals(4 * 6.5 / 7, ties.chiSquared(), 1e-12);
        assertEquals(1, Significance.friedman(new double[2][4]).pValue());
    }

    @Test
    void componentsByHand() {
        // Mean squares 4.5 (heads), 6 (prompts) and 0.5 (rest); P(F(2,2) > 9) = 1 / (1 + 9).
        Significance.Components c = Significance.components(new double[][] {{1, 2, 3}, {2, 4, 6}});
        assertEquals(2, c.headVariance(), 1e-12);
        assertEquals(11 / 6.0, c.promptVariance(), 1e-12);
        assertEquals(0.5, c.residual(), 1e-12);
        assertEquals(2 / (2 + 11 / 6.0 + 0.5), c.headShare(), 1e-12);
        assertEquals(9, c.f(), 1e-12);
        assertEquals(0.1, c.pValue(), 1e-9);
    }

    @Test
    void componentsFindWhatWasPutIn() {
        Random random = new Random(3);
        double[] heads = random.doubles(300).map(x -> 4 * x).toArray();
        double[][] byPrompt = new double[60][300];
        for (double[] prompt : byPrompt) {
            double shift = 0.5 * random.nextGaussian();
            for (int h = 0; h < 300; h++) {
                prompt[h] = heads[h] + shift + 0.3 * random.nextGaussian();
            }
        }
        Significance.Components c = Significance.components(byPrompt);
        assertEquals(16 / 12.0, c.headVariance(), 0.2);
        assertEquals(0.25, c.promptVariance(), 0.12);
        assertEquals(0.09, c.residual(), 0.005);
        assertTrue(c.pValue() < 1e-6 && Significance.friedman(byPrompt).pValue() < 1e-6);
    }

    @Test
    void tailsEqualTheDistributionsOfTheLibrary() {
        Random random = new Random(9);
        for (int trial = 0; trial < 50; trial++) {
            double[][] byPrompt = new double[2 + random.nextInt(6)][2 + random.nextInt(6)];
            for (double[] prompt : byPrompt) {
                for (int h = 0; h < prompt.length; h++) {
                    prompt[h] = h * 0.3 + random.nextGaussian();
                }
            }
            int k = byPrompt[0].length;
            Significance.Friedman ranks = Significance.friedman(byPrompt);
            double chi = new ChiSquaredDistribution(k - 1).cumulativeProbability(ranks.chiSquared());
            assertEquals(1 - chi, ranks.pValue(), 1e-9, "seed 9, trial " + trial);
            Significance.Components c = Significance.components(byPrompt);
            double f = new FDistribution(k - 1, (k - 1.0) * (byPrompt.length - 1)).cumulativeProbability(c.f());
            assertEquals(1 - f, c.pValue(), 1e-9, "seed 9, trial " + trial);
        }
    }

    @Test
    void noiseAloneIsRarelySignificant() {
        Random random = new Random(5);
        int byRanks = 0;
        int byVariance = 0;
        for (int trial = 0; trial < 400; trial++) {
            double[][] noise = new double[12][8];
            for (double[] prompt : noise) {
                for (int h = 0; h < 8; h++) {
                    prompt[h] = random.nextGaussian();
                }
            }
            byRanks += Significance.friedman(noise).pValue() < 0.05 ? 1 : 0;
            byVariance += Significance.components(noise).pValue() < 0.05 ? 1 : 0;
        }
        assertEquals(0.05, byRanks / 400.0, 0.03);
        assertEquals(0.05, byVariance / 400.0, 0.03);
    }

    @Test
    void refusesGapsAndSingles() {
        assertThrows(InputRefused.class, () -> Significance.friedman(new double[][] {{1, 2}}));
        assertThrows(InputRefused.class, () -> Significance.components(new double[][] {{1, 2}, {1, Double.NaN}}));
    }
}
