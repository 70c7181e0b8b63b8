package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class StabilityTest {
    private static final Geometry GEOMETRY =
            new Geometry("g", 10, 10, 10, 1, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));
    private static final int STEPS = 4;

    /** Every head has a mean of its own, every prompt adds noise of deviation {@code noise}. */
    private static double[][] scores(int prompts, double noise, long seed) {
        Random random = new Random(seed);
        double[] heads = random.doubles(100 * STEPS).toArray();
        double[][] scores = new double[prompts][100 * STEPS];
        for (double[] prompt : scores) {
            for (int i = 0; i < prompt.length; i++) {
                prompt[i] = heads[i] + noise * random.nextGaussian();
            }
        }
        return scores;
    }

    @Test
    void equalPromptsAgreeFully() {
        Stability stability = Stability.of(GEOMETRY, 1, scores(6, 0, 1));
        assertEquals(1, stability.spearman(3, 20, 5).mean(), 1e-12);
        assertEquals(1, stability.jaccard(0.3, 3, 20, 5).low(), 1e-12);
    }

    @Test
    void moreNoiseAgreesLessAndMorePromptsAgreeMore() {
        Stability quiet = Stability.of(GEOMETRY, 1, scores(32, 0.1, 2));
        Stability loud = Stability.of(GEOMETRY, 1, scores(32, 1, 2));
        assertTrue(quiet.spearman(1, 50, 3).mean() > loud.spearman(1, 50, 3).mean() + 0.3);
        List<Stability.Agreement> byPrompts = loud.spearmanByPrompts(50, 3);
        assertEquals(
                List.of(1, 2, 4, 8, 16),
                byPrompts.stream().map(Stability.Agreement::prompts).toList());
        for (int i = 1; i < byPrompts.size(); i++) {
            assertTrue(byPrompts.get(i).mean() > byPrompts.get(i - 1).mean());
        }
        // Uniform heads and noise: reliability of a mean of n is v / (v + s^2 / n), v = 1/12, s = 1.
        double expected = (1 / 12.0) / (1 / 12.0 + 1 / 16.0);
        assertEquals(expected, byPrompts.getLast().mean(), 0.1);
        List<Stability.Agreement> jaccard = loud.jaccardByPrompts(0.5, 50, 3);
        assertTrue(jaccard.getLast().mean() > jaccard.getFirst().mean());
    }

    @Test
    void unrelatedPromptsAgreeByChanceOnly() {
        Random random = new Random(4);
        double[][] scores = new double[2][];
        scores[0] = random.doubles(100 * STEPS).toArray();
        scores[1] = random.doubles(100 * STEPS).toArray();
        Stability stability = Stability.of(GEOMETRY, 0, scores);
        assertEquals(0, stability.spearman(1, 5, 1).mean(), 0.2);
        // Two random halves of 100 share 25, of 75 in either.
        assertEquals(1 / 3.0, stability.jaccard(0.5, 1, 5, 1).mean(), 0.1);
    }

    @Test
    void reversedPromptsByHand() {
        Geometry four = new Geometry("g", 2, 2, 2, 1, List.of(new Grid(1, 1), new Grid(2, 2)));
        double[][] scores = {
            {1, Double.NaN, 2, Double.NaN, 3, Double.NaN, 4, Double.NaN},
            {4, Double.NaN, 3, Double.NaN, 2, Double.NaN, 1, Double.NaN}
        };
        Stability stability = Stability.of(four, 0, scores);
        assertEquals(-1, stability.spearman(1, 3, 9).mean(), 1e-12);
        assertEquals(0, stability.jaccard(0.5, 1, 3, 9).mean());
        // {1, 2, 3} and {4, 3, 2}: two of four.
        assertEquals(0.5, stability.jaccard(0.75, 1, 3, 9).mean());
        assertEquals(1, stability.jaccard(1, 1, 3, 9).mean());
    }

    @Test
    void sameSeedSameResult() {
        Stability stability = Stability.of(GEOMETRY, 1, scores(7, 0.5, 6));
        assertEquals(stability.spearman(3, 10, 77), stability.spearman(3, 10, 77));
        assertTrue(stability.spearman(3, 10, 77).mean()
                != stability.spearman(3, 10, 78).mean());
        assertEquals(3, stability.half());
    }

    @Test
    void bootstrapOfTwoPromptsByHand() {
        // Means of resamples are 0, 1/2 or 1 with chances 1/4, 1/2 and 1/4.
        Stability.Intervals intervals = Stability.bootstrap(new double[][] {{0, 5}, {1, 5}}, 2000, 0.95, 1);
        assertArrayEquals(new double[] {0.5, 5}, intervals.mean(), 1e-12);
        assertArrayEquals(new double[] {0, 5}, intervals.low(), 1e-12);
        assertArrayEquals(new double[] {1, 5}, intervals.high(), 1e-12);
        Stability.Intervals narrow = Stability.bootstrap(new double[][] {{0}, {1}}, 2000, 0.4, 1);
        assertEquals(0.5, narrow.low()[0]);
        assertEquals(0.5, narrow.high()[0]);
        assertEquals(2, narrow.prompts());
    }

    @Test
    void bootstrapIntervalsCoverTheTruth() {
        Random random = new Random(12);
        int covered = 0;
        double[][] byPrompt = new double[40][400];
        for (double[] prompt : byPrompt) {
            for (int i = 0; i < prompt.length; i++) {
                prompt[i] = 3 + random.nextGaussian();
            }
        }
        Stability.Intervals intervals = Stability.bootstrap(byPrompt, 500, 0.9, 2);
        for (int i = 0; i < 400; i++) {
            covered += intervals.low()[i] <= 3 && 3 <= intervals.high()[i] ? 1 : 0;
        }
        assertEquals(0.9, covered / 400.0, 0.05);
    }

    @Test
    void refusesTooFew() {
        assertThrows(InputRefused.class, () -> Stability.of(GEOMETRY, 1, scores(1, 0, 1)));
        assertThrows(InputRefused.class, () -> Stability.of(GEOMETRY, 3, scores(2, 0, 1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Stability.of(GEOMETRY, 1, scores(5, 0, 1)).spearman(3, 2, 1));
        assertThrows(InputRefused.class, () -> Stability.bootstrap(new double[1][3], 10, 0.9, 1));
    }
}
