package org.headwise.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headwise.reports.ReportData.HeadIntervals;
import org.headwise.reports.ReportData.Likeness;
import org.headwise.reports.ReportData.StabilityPoint;

/** Whether so many prompts are enough: how alike are profiles of different prompts? */
final class StabilitySection {
    private static final String ID = "stability";
    private static final String TITLE = "Would other prompts give the same schedule?";
    private static final int MOST_DOTS = 64;

    private StabilitySection() {}

    static Section of(ReportData data, DataFolder files) {
        List<StabilityPoint> points = data.stability();
        if (points.isEmpty() && data.intervals().isEmpty()) {
            return Section.missing(
                    ID, TITLE, "The stability over prompts was not computed in this run.", "headwise analyze RUN");
        }
        List<Html> body = new ArrayList<>();
        if (!points.isEmpty()) {
            boolean raster = data.run().geometry().raster() != null;
            body.add(Tag.DIV.of(likeness(points, raster, files)).cls("pairs"));
        }
        data.intervals()
                .ifPresent(i -> body.add(intervals(i, data.run().geometry().heads(), files)));
        return new Section(ID, TITLE, body);
    }

    private static List<Html> likeness(List<StabilityPoint> points, boolean raster, DataFolder files) {
        String pruned = raster ? "spatial" : "pruned";
        Table table = table(points);
        Html.Element csv = files.add("stability.csv", table);
        List<Html> figures = new ArrayList<>();
        figures.add(Figure.of(
                "Rank correlation",
                Html.text("Spearman's correlation between the ranks of heads from one group of prompts and from another"
                        + " group with none in common. Bars hold 95% of random divisions. " + best(points)),
                Charts.correlation(points).inline("Rank correlation against the number of prompts"),
                table,
                csv));
        if (points.stream().anyMatch(p -> p.overlap() != null)) {
            figures.add(Figure.of(
                    raster ? "Overlap of the spatial heads" : "Overlap of what is pruned",
                    Html.text("Of the heads " + pruned + " after either group of prompts" + pruned(points)
                            + ", the share " + pruned + " after both. 1 means the same schedule."),
                    Charts.overlap(points, pruned)
                            .inline("Overlap of the " + pruned + " heads against the number of prompts"),
                    table,
                    csv));
        }
        return figures;
    }

    private static Html intervals(HeadIntervals intervals, int heads, DataFolder files) {
        List<Integer> ranked = IntStream.range(0, intervals.mean().length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> intervals.mean()[i])
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        List<Integer> shown = Thinned.of(ranked, MOST_DOTS);
        int dots = shown.size();
        String which = dots < ranked.size() ? dots + " of " + ranked.size() + " heads" : "All heads";
        return Figure.of(
                "Can heads be told apart?",
                Html.text(which + " from the lowest score to the highest, with their "
                        + Shown.percent(intervals.confidence()) + " bootstrap intervals over " + intervals.prompts()
                        + " prompts. Where the intervals of two heads overlap widely, their order may be chance."),
                Charts.intervals(intervals, shown)
                        .inline("Scores of heads with intervals")
                        .cls("wide"),
                HtmlTable.of(table(intervals, shown, heads)),
                files.add("intervals.csv", table(intervals, ranked, heads)));
    }

    private static String best(List<StabilityPoint> points) {
        StabilityPoint most = points.stream()
                .max(Comparator.comparingLong(StabilityPoint::prompts)
                        .thenComparing(Comparator.comparingDouble(
                                        (StabilityPoint p) -> p.correlation().mean())
                                .reversed()))
                .orElseThrow();
        return "With " + most.prompts() + (most.prompts() == 1 ? " prompt" : " prompts") + " in each group it is "
                + Shown.number(most.correlation().mean(), 3) + ".";
    }

    private static String pruned(List<StabilityPoint> points) {
        List<String> shares = points.stream()
                .map(StabilityPoint::pruned)
                .filter(Double::isFinite)
                .distinct()
                .map(Shown::percent)
                .toList();
        return shares.size() == 1 ? ", " + shares.getFirst() + " of all" : "";
    }

    private static Table table(HeadIntervals intervals, List<Integer> which, int heads) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i : which) {
            rows.add(Table.row(
                    i / heads,
                    i % heads,
                    intervals.mean()[i],
                    intervals.low()[i],
                    intervals.high()[i]));
        }
        return new Table(
                "Scores of heads with intervals",
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("head"),
                        Table.Column.real("mean", "", 4),
                        Table.Column.real("from", "", 4),
                        Table.Column.real("to", "", 4)),
                rows);
    }

    private static Table table(List<StabilityPoint> points) {
        List<List<Object>> rows = new ArrayList<>();
        for (StabilityPoint p : points) {
            Likeness overlap = p.overlap() == null ? new Likeness(Double.NaN, Double.NaN, Double.NaN) : p.overlap();
            rows.add(Table.row(
                    p.statistic(),
                    p.prompts(),
                    p.correlation().mean(),
                    p.correlation().low(),
                    p.correlation().high(),
                    overlap.mean(),
                    overlap.low(),
                    overlap.high(),
                    p.pruned()));
        }
        return new Table(
                "Stability over prompts",
                List.of(
                        Table.Column.text("statistic"),
                        Table.Column.integer("prompts in each group"),
                        Table.Column.real("Spearman", "", 3),
                        Table.Column.real("Spearman from", "", 3),
                        Table.Column.real("Spearman to", "", 3),
                        Table.Column.real("Jaccard", "", 3),
                        Table.Column.real("Jaccard from", "", 3),
                        Table.Column.real("Jaccard to", "", 3),
                        Table.Column.share("pruned")),
                rows);
    }
}
