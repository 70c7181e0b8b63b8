package org.headwise.workbench;

import java.util.List;
import java.util.Optional;
import org.headwise.analysis.Profile;
import org.headwise.analysis.PromptProfiles;
import org.headwise.analysis.ScaleHeat;
import org.headwise.analysis.Sparsity;
import org.headwise.reports.ReportData.StabilityPoint;
import org.headwise.reports.StabilityReading;
import org.headwise.schedules.Budget;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.workbench.TextTable.Column;

/** How alike the rankings of heads are that other prompts would have given, as tables and reports show it. */
final class Steadiness {
    private static final int DRAWS = 200;
    private static final long SEED = 1;
    /** As method ssd splits them, unless told otherwise. */
    private static final double SPATIAL = 0.5;

    private Steadiness() {}

    /**
     * Agreement of groups of 1, 2, 4, ... prompts; empty for a run of one prompt, or with neither scale heat nor
     * sparsity. Raster models are compared by sparsity, where the half of the heads with the lowest score is spatial.
     *
     * @param protect scales, counted from the first, that are never pruned
     * @param budget the heads that HeatKV prunes for it are compared
     * @throws org.headwise.files.InputRefused if HeatKV cannot meet the budget
     */
    static Optional<StabilityReading> of(PromptProfiles prompts, int protect, Budget budget) {
        Profile profile = prompts.whole();
        if (prompts.prompts().size() < 2) {
            return Optional.empty();
        }
        if (profile.statistics().stream().anyMatch(Sparsity.class::isInstance)) {
            return Optional.of(StabilityReading.ofSparsity(prompts, SPATIAL, DRAWS, SEED));
        }
        if (profile.statistics().stream().noneMatch(ScaleHeat.class::isInstance)) {
            return Optional.empty();
        }
        int count = HeatKv.strict(profile.geometry(), HeatKv.orders(profile, protect), budget, protect)
                .counts()
                .getLast();
        int heads = profile.geometry().layers() * profile.geometry().heads();
        // A budget that prunes nothing still lets the first head in line be compared.
        double pruned = (double) Math.max(1, count) / heads;
        return Optional.of(StabilityReading.of(prompts, protect, pruned, DRAWS, SEED));
    }

    static TextTable table(List<StabilityPoint> points) {
        boolean spatial = points.stream().anyMatch(point -> point.statistic().equals(StabilityReading.SPARSITY));
        TextTable table = new TextTable(
                Column.of("statistic", "statistic"),
                Column.of("prompts", "prompts each side"),
                new Column("spearman", "Spearman", "%.3f"),
                new Column("low", "2.5%", "%.3f"),
                new Column("high", "97.5%", "%.3f"),
                new Column("jaccard", spatial ? "Jaccard of spatial" : "Jaccard of pruned", "%.3f"),
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
