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
 * The stability of S-CAS scores over prompts, for the report.
 *
 * @param points by the number of prompts in a group
 * @param intervals of the mean score of every head
 */
public record StabilityReading(List<StabilityPoint> points, HeadIntervals intervals) {
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
        Stability stability = Stability.ofScaleHeat(profile, protect);
        List<Agreement> correlations = stability.spearmanByPrompts(draws, seed);
        List<Agreement> overlaps = stability.jaccardByPrompts(pruned, draws, seed);
        List<StabilityPoint> points = new ArrayList<>();
        for (int i = 0; i < correlations.size(); i++) {
            points.add(new StabilityPoint(
                    "scale heat",
                    correlations.get(i).prompts(),
                    likeness(correlations.get(i)),
                    likeness(overlaps.get(i)),
                    pruned));
        }
        double[][] scores =
                profile.values(ScaleHeat.class, heat -> meanOverSources(heat.geometry(), heat.scores(protect)));
        Stability.Intervals intervals = Stability.bootstrap(scores, draws, CONFIDENCE, seed);
        return new StabilityReading(
                points,
                new HeadIntervals(
                        "S-CAS, mean over prunable scales",
                        intervals.prompts(),
                        CONFIDENCE,
                        intervals.mean(),
                        intervals.low(),
                        intervals.high()));
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
