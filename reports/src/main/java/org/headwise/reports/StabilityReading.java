package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.analysis.PromptProfiles;
import org.headwise.analysis.ScaleHeat;
import org.headwise.analysis.Stability;
import org.headwise.analysis.Stability.Agreement;
import org.headwise.model.Geometry;
import org.headwise.reports.ReportData.HeadIntervals;
import org.headwise.reports.ReportData.Likeness;
import org.headwise.reports.ReportData.StabilityPoint;

/**
 * The stability over prompts of S-CAS scores, or of SSD's sparsity, for the report.
 *
 * @param points by the number of prompts in a group
 * @param intervals of the mean score of every head
 */
public record StabilityReading(List<StabilityPoint> points, HeadIntervals intervals) {
    /** The statistic of points that are about SSD's sparsity. */
    public static final String SPARSITY = "sparsity";

    private static final String SPARSITY_COLUMN = "sparsity.score";
    private static final double CONFIDENCE = 0.95;

    public StabilityReading {
        points = List.copyOf(points);
    }

    /**
     * Computes it.
     *
     * @param protect scales, counted from the first, that are never pruned
     * @param pruned share of the heads of a source scale that is pruned, in (0, 1]
     * @param draws random divisions, and resamples of the bootstrap
     * @throws org.headwise.files.InputRefused if there are fewer than two prompts, or nothing is left to prune
     */
    public static StabilityReading of(PromptProfiles profile, int protect, double pruned, int draws, long seed) {
        double[][] scores =
                profile.values(ScaleHeat.class, heat -> meanOverSources(heat.geometry(), heat.scores(protect)));
        return of(
                Stability.ofScaleHeat(profile, protect),
                "scale heat",
                "S-CAS, mean over prunable scales",
                scores,
                pruned,
                draws,
                seed);
    }

    /**
     * That of SSD's sparsity score, for raster models; what overlaps are the spatial heads.
     *
     * @param spatial share of the heads that is spatial, in (0, 1]
     * @throws org.headwise.files.InputRefused if there are fewer than two prompts, or a score is missing
     */
    public static StabilityReading ofSparsity(PromptProfiles profile, double spatial, int draws, long seed) {
        return of(
                Stability.ofColumn(profile, SPARSITY_COLUMN),
                SPARSITY,
                "sparsity, share of attention",
                profile.column(SPARSITY_COLUMN),
                spatial,
                draws,
                seed);
    }

    private static StabilityReading of(
            Stability stability,
            String statistic,
            String score,
            double[][] scores,
            double lowest,
            int draws,
            long seed) {
        List<Agreement> correlations = stability.spearmanByPrompts(draws, seed);
        List<Agreement> overlaps = stability.jaccardByPrompts(lowest, draws, seed);
        List<StabilityPoint> points = new ArrayList<>();
        for (int i = 0; i < correlations.size(); i++) {
            points.add(new StabilityPoint(
                    statistic,
                    correlations.get(i).prompts(),
                    likeness(correlations.get(i)),
                    likeness(overlaps.get(i)),
                    lowest));
        }
        Stability.Intervals intervals = Stability.bootstrap(scores, draws, CONFIDENCE, seed);
        return new StabilityReading(
                points,
                new HeadIntervals(
                        score, intervals.prompts(), CONFIDENCE, intervals.mean(), intervals.low(), intervals.high()));
    }

    private static Likeness likeness(Agreement agreement) {
        return new Likeness(agreement.mean(), agreement.low(), agreement.high());
    }

    /** The mean of the scores that exist, for every head: [layers * heads]. */
    private static double[] meanOverSources(Geometry geometry, double[] scores) {
        int steps = geometry.steps().size();
        double[] means = new double[scores.length / steps];
        for (int head = 0; head < means.length; head++) {
            means[head] = Arrays.stream(scores, head * steps, (head + 1) * steps)
                    .filter(score -> !Double.isNaN(score))
                    .average()
                    .orElse(Double.NaN);
        }
        return means;
    }
}
