package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.headwise.analysis.Profile;
import org.headwise.analysis.PromptProfiles;
import org.headwise.analysis.Stability;
import org.headwise.analysis.Stability.Agreement;
import org.headwise.files.InputRefused;
import org.headwise.reports.ReportData.Likeness;
import org.headwise.reports.ReportData.StabilityPoint;
import org.headwise.schedules.Budget;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.workbench.TextTable.Column;

/** How alike the rankings of heads are that other prompts would have given, as tables and reports show it. */
final class Steadiness {
    private static final int SPLITS = 200;
    private static final long SEED = 1;
    private static final String STATISTIC = "S-CAS";

    private Steadiness() {}

    /**
     * Agreement of halves of 1, 2, 4, ... prompts; empty for a run of one prompt.
     *
     * @param protect scales, counted from the first, that are never pruned
     * @param budget the heads that HeatKV prunes for it are compared
     */
    static List<StabilityPoint> of(PromptProfiles prompts, int protect, Budget budget) {
        List<StabilityPoint> points = new ArrayList<>();
        if (prompts.prompts().size() < 2) {
            return points;
        }
        Stability stability = Stability.ofScaleHeat(prompts, protect);
        OptionalDouble pruned = prunedShare(prompts.whole(), protect, budget);
        for (Agreement rank : stability.spearmanByPrompts(SPLITS, SEED)) {
            Likeness overlap = pruned.isPresent()
                    ? likeness(stability.jaccard(pruned.getAsDouble(), rank.prompts(), SPLITS, SEED))
                    : new Likeness(Double.NaN, Double.NaN, Double.NaN);
            points.add(
                    new StabilityPoint(STATISTIC, rank.prompts(), likeness(rank), overlap, pruned.orElse(Double.NaN)));
        }
        return points;
    }

    private static Likeness likeness(Agreement agreement) {
        return new Likeness(agreement.mean(), agreement.low(), agreement.high());
    }

    /** The share of heads that HeatKV removes from every scale in the end; nothing if it removes none or cannot plan. */
    private static OptionalDouble prunedShare(Profile profile, int protect, Budget budget) {
        try {
            int count = HeatKv.strict(profile.geometry(), HeatKv.orders(profile, protect), budget, protect)
                    .counts()
                    .getLast();
            int heads = profile.geometry().layers() * profile.geometry().heads();
            return count == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) count / heads);
        } catch (InputRefused infeasible) {
            return OptionalDouble.empty();
        }
    }

    static TextTable table(List<StabilityPoint> points) {
        TextTable table = new TextTable(
                Column.of("statistic", "statistic"),
                Column.of("prompts", "prompts each side"),
                new Column("spearman", "Spearman", "%.3f"),
                new Column("low", "2.5%", "%.3f"),
                new Column("high", "97.5%", "%.3f"),
                new Column("jaccard", "Jaccard of pruned", "%.3f"),
                new Column("pruned", "of heads", "%.3f"));
        points.forEach(point -> table.row(
                point.statistic(),
                point.prompts(),
                point.correlation().mean(),
                point.correlation().low(),
                point.correlation().high(),
                point.overlap().mean(),
                point.pruned()));
        return table;
    }
}
