package org.headwise.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.headwise.reports.ReportData.StabilityPoint;

/** Whether so many prompts are enough: how alike are profiles of different prompts? */
final class StabilitySection {
    private static final String ID = "stability";
    private static final String TITLE = "Would other prompts give the same schedule?";

    private StabilitySection() {}

    static Section of(ReportData data, DataFolder files) {
        List<StabilityPoint> points = data.stability();
        if (points.isEmpty()) {
            return Section.missing(
                    ID, TITLE, "The stability over prompts was not computed in this run.", "headwise analyze RUN");
        }
        Table table = table(points);
        Html.Element csv = files.add("stability.csv", table);
        List<Html> figures = new ArrayList<>();
        figures.add(Figure.of(
                "Rank correlation",
                Html.text("Spearman's correlation between the heads' ranks from one set of prompts and from another of"
                        + " the same size; bars are the bootstrap interval. " + best(points)),
                Charts.correlation(points).inline("Rank correlation against the number of prompts"),
                table,
                csv));
        if (points.stream().anyMatch(p -> Double.isFinite(p.jaccard()))) {
            figures.add(Figure.of(
                    "Overlap of what is pruned",
                    Html.text("Of the heads pruned after either set of prompts" + budgets(points)
                            + ", the share pruned after both. 1 means the same schedule."),
                    Charts.overlap(points).inline("Overlap of the pruned heads against the number of prompts"),
                    table,
                    csv));
        }
        return new Section(ID, TITLE, List.of(Tag.DIV.of(figures).cls("pairs")));
    }

    private static String best(List<StabilityPoint> points) {
        StabilityPoint most = points.stream()
                .max(Comparator.comparingLong(StabilityPoint::prompts)
                        .thenComparing(Comparator.comparingDouble(StabilityPoint::correlation)
                                .reversed()))
                .orElseThrow();
        return "At " + most.prompts() + " prompts on each side the lowest is " + Shown.number(most.correlation(), 3)
                + ".";
    }

    private static String budgets(List<StabilityPoint> points) {
        List<String> budgets = points.stream()
                .map(StabilityPoint::budget)
                .filter(Double::isFinite)
                .distinct()
                .map(Shown::percent)
                .toList();
        return budgets.size() == 1 ? " at a budget of " + budgets.getFirst() : "";
    }

    private static Table table(List<StabilityPoint> points) {
        List<List<Object>> rows = new ArrayList<>();
        for (StabilityPoint p : points) {
            rows.add(
                    Table.row(p.statistic(), p.prompts(), p.correlation(), p.low(), p.high(), p.jaccard(), p.budget()));
        }
        return new Table(
                "Stability over prompts",
                List.of(
                        Table.Column.text("statistic"),
                        Table.Column.integer("prompts on each side"),
                        Table.Column.real("Spearman", "", 3),
                        Table.Column.real("interval from", "", 3),
                        Table.Column.real("interval to", "", 3),
                        Table.Column.real("Jaccard", "", 3),
                        Table.Column.share("at budget")),
                rows);
    }
}
