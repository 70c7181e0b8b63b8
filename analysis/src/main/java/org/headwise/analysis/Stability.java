package org.headwise.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * Would other prompts have given the same ranking of heads? Answers by comparing groups of prompts that have none in
 * common, and by resampling prompts. All prompts weigh the same.
 */
public final class Stability {
    /**
     * Agreement of two disjoint groups of prompts, over many random divisions.
     *
     * @param prompts in each group
     * @param splits random divisions made
     * @param seed of the divisions
     * @param mean of the agreement over divisions
     * @param low 2.5th percentile
     * @param high 97.5th percentile
     */
    public record Agreement(int prompts, int splits, long seed, double mean, double low, double high) {}

    /**
     * Percentile bootstrap intervals over prompts.
     *
     * @param prompts how many there are
     * @param mean of each head over all prompts, [layers * heads]
     * @param low lower ends
     * @param high upper ends
     */
    public record Intervals(
            int prompts, int resamples, double confidence, long seed, double[] mean, double[] low, double[] high) {}

    private final Rankings rankings;
    private final double[][] scores;

    private Stability(Rankings rankings, double[][] scores) {
        this.rankings = rankings;
        this.scores = scores;
        if (scores.length < 2) {
            throw new InputRefused("stability needs at least two prompts, this run has " + scores.length);
        }
    }

    /** Of the S-CAS scores of a run; {@code sinkScales} is the first source step that may be pruned. */
    public static Stability ofScaleHeat(PromptProfiles run, int sinkScales) {
        return of(run.whole().geometry(), sinkScales, run.values(ScaleHeat.class, heat -> heat.scores(sinkScales)));
    }

    /**
     * Of one column of a run; the heads with the lowest numbers are those that are pruned.
     *
     * @param column as {@link PromptProfiles#column} takes it, with a number for every head and prompt
     */
    public static Stability ofColumn(PromptProfiles run, String column) {
        double[][] byPrompt = run.column(column);
        for (double[] prompt : byPrompt) {
            if (!Double.isFinite(Arrays.stream(prompt).sum())) {
                throw new InputRefused(
                        "the stability of " + column + " needs a finite number of every head and prompt");
            }
        }
        return new Stability(new OneRanking(), byPrompt);
    }

    static Stability of(Geometry geometry, int sinkScales, double[][] scoresByPrompt) {
        Stability result = new Stability(new BySource(geometry, sinkScales), scoresByPrompt);
        if (sinkScales < 0 || sinkScales > geometry.steps().size() - 2) {
            throw new InputRefused("with " + sinkScales + " protected scales of "
                    + geometry.steps().size() + " there is nothing to prune; protect fewer");
        }
        return result;
    }

    /** Prompts of the run: N of every result. */
    public int prompts() {
        return scores.length;
    }

    /** Largest group of prompts that leaves another of the same size. */
    public int half() {
        return scores.length / 2;
    }

    /** Spearman's rank correlation between the scores of two groups of prompts: mean over source steps, -1 to 1. */
    public Agreement spearman(int promptsPerGroup, int splits, long seed) {
        return agreement(promptsPerGroup, splits, seed, this::meanSpearman);
    }

    /** Share of heads that two groups of prompts both prune, of those that either does: mean over source steps, 0 to 1. */
    public Agreement jaccard(double prunedShare, int promptsPerGroup, int splits, long seed) {
        if (!(prunedShare > 0 && prunedShare <= 1)) {
            throw new IllegalArgumentException("pruned share " + prunedShare + " is not in (0, 1]");
        }
        return agreement(promptsPerGroup, splits, seed, (a, b) -> meanJaccard(a, b, prunedShare));
    }

    /** How many prompts are enough: {@link #spearman} for 1, 2, 4, ... prompts up to half of them. */
    public List<Agreement> spearmanByPrompts(int splits, long seed) {
        return sizes().stream().map(n -> spearman(n, splits, seed)).toList();
    }

    /** How many prompts are enough: {@link #jaccard} for 1, 2, 4, ... prompts up to half of them. */
    public List<Agreement> jaccardByPrompts(double prunedShare, int splits, long seed) {
        return sizes().stream().map(n -> jaccard(prunedShare, n, splits, seed)).toList();
    }

    private List<Integer> sizes() {
        List<Integer> sizes = new ArrayList<>();
        for (int n = 1; n < half(); n *= 2) {
            sizes.add(n);
        }
        sizes.add(half());
        return sizes;
    }

    @FunctionalInterface
    private interface Likeness {
        double of(double[] a, double[] b);
    }

    private Agreement agreement(int size, int splits, long seed, Likeness likeness) {
        if (size < 1 || size > half()) {
            throw new IllegalArgumentException("two groups of " + size + " prompts cannot be made of " + scores.length);
        }
        Splits random = new Splits(scores.length, seed);
        double[] values = new double[splits];
        for (int i = 0; i < splits; i++) {
            int[][] groups = random.next(size);
            values[i] = likeness.of(Splits.mean(scores, groups[0]), Splits.mean(scores, groups[1]));
        }
        Percentile percentile = new Percentile();
        return new Agreement(
                size,
                splits,
                seed,
                Arrays.stream(values).average().orElse(Double.NaN),
                percentile.evaluate(values, 2.5),
                percentile.evaluate(values, 97.5));
    }

    private double meanSpearman(double[] a, double[] b) {
        double sum = 0;
        for (int ranking = 0; ranking < rankings.count(); ranking++) {
            sum += new SpearmansCorrelation().correlation(rankings.values(a, ranking), rankings.values(b, ranking));
        }
        return sum / rankings.count();
    }

    private double meanJaccard(double[] a, double[] b, double share) {
        List<? extends List<?>> orderA = rankings.orders(a);
        List<? extends List<?>> orderB = rankings.orders(b);
        int count = (int) Math.ceil(share * orderA.getFirst().size() - 1e-9);
        double sum = 0;
        for (int i = 0; i < orderA.size(); i++) {
            Set<Object> both = new HashSet<>(orderA.get(i).subList(0, count));
            both.retainAll(new HashSet<>(orderB.get(i).subList(0, count)));
            sum += both.size() / (double) (2 * count - both.size());
        }
        return sum / orderA.size();
    }

    /** How the numbers of a run rank its heads, once or several times. */
    private interface Rankings {
        int count();

        /** The numbers that one ranking is by, head by head. */
        double[] values(double[] scores, int ranking);

        /** The heads of every ranking, those to be pruned first. */
        List<? extends List<?>> orders(double[] scores);
    }

    /** S-CAS ranks the heads anew for every source step that may be pruned. */
    private record BySource(Geometry geometry, int sinkScales) implements Rankings {
        @Override
        public int count() {
            return geometry.steps().size() - 1 - sinkScales;
        }

        @Override
        public double[] values(double[] scores, int ranking) {
            int steps = geometry.steps().size();
            double[] values = new double[scores.length / steps];
            for (int h = 0; h < values.length; h++) {
                values[h] = scores[h * steps + sinkScales + ranking];
            }
            return values;
        }

        @Override
        public List<? extends List<?>> orders(double[] scores) {
            return ScaleHeat.orders(geometry, scores, sinkScales);
        }
    }

    /** One number per head. */
    private record OneRanking() implements Rankings {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public double[] values(double[] scores, int ranking) {
            return scores;
        }

        @Override
        public List<? extends List<?>> orders(double[] scores) {
            return List.of(IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(head -> scores[head]))
                    .toList());
        }
    }

    /**
     * Percentile bootstrap over prompts of any numbers by prompt, for example a column of {@link PromptProfiles#column}.
     *
     * @param byPrompt [prompts][numbers]
     * @param confidence in (0, 1), for example 0.95
     */
    public static Intervals bootstrap(double[][] byPrompt, int resamples, double confidence, long seed) {
        if (byPrompt.length < 2) {
            throw new InputRefused("an interval over prompts needs at least two, this run has " + byPrompt.length);
        }
        Splits random = new Splits(byPrompt.length, seed);
        int numbers = byPrompt[0].length;
        double[][] drawn = new double[numbers][resamples];
        for (int r = 0; r < resamples; r++) {
            double[] mean = Splits.mean(byPrompt, random.resample());
            for (int i = 0; i < numbers; i++) {
                drawn[i][r] = mean[i];
            }
        }
        int[] everyone = new int[byPrompt.length];
        Arrays.setAll(everyone, i -> i);
        double[] low = new double[numbers];
        double[] high = new double[numbers];
        double tail = 50 * (1 - confidence);
        for (int i = 0; i < numbers; i++) {
            boolean missing = Arrays.stream(drawn[i]).anyMatch(Double::isNaN);
            low[i] = missing ? Double.NaN : new Percentile().evaluate(drawn[i], tail);
            high[i] = missing ? Double.NaN : new Percentile().evaluate(drawn[i], 100 - tail);
        }
        return new Intervals(byPrompt.length, resamples, confidence, seed, Splits.mean(byPrompt, everyone), low, high);
    }
}
