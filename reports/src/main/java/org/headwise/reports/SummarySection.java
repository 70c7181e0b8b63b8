package org.headwise.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import org.headwise.reports.ReportData.Fidelity;
import org.headwise.reports.ReportData.FidelityPoint;
import org.headwise.reports.ReportData.Measure;
import org.headwise.reports.ReportData.Metric;

/** What compression cost and what it saved: a sentence per method and the table of budgets. */
final class SummarySection {
    private static final String ID = "summary";
    private static final String TITLE = "What compression cost and saved";

    private SummarySection() {}

    static Section of(ReportData data, DataFolder files) {
        if (data.fidelity().isEmpty()) {
            return Section.missing(
                    ID, TITLE, "No schedule was evaluated in this run.", "headwise evaluate MODEL --schedule FILE");
        }
        Fidelity fidelity = data.fidelity().get();
        Table table = table(fidelity);
        Html.Element csv = files.add("summary.csv", table);
        List<Html> body = new ArrayList<>(sentences(fidelity));
        body.add(HtmlTable.of(table));
        String bytes = fidelity.allocated()
                ? "KV cache is the most that was really allocated at any moment"
                : "KV cache is the most that the schedule predicts for any moment; nothing was executed";
        body.add(Tag.P
                .of(
                        Html.text(bytes + ". Mean \u00b1 standard deviation over N prompts, against the same seed's"
                                + " image with the full cache. As a file: "),
                        csv)
                .cls("file"));
        return new Section(ID, TITLE, body);
    }

    static Table table(Fidelity fidelity) {
        List<Table.Column> columns = new ArrayList<>(List.of(
                Table.Column.text("method"),
                Table.Column.share("budget"),
                Table.Column.bytes("KV cache"),
                Table.Column.share("of full"),
                Table.Column.real("times smaller", "", 1)));
        for (Metric metric : fidelity.metrics()) {
            columns.add(Table.Column.spread(metric.name(), metric.unit(), metric.decimals()));
        }
        columns.add(Table.Column.integer("N"));
        boolean equal = fidelity.points().stream().anyMatch(p -> equal(p) > 0);
        if (equal) {
            columns.add(Table.Column.integer("equal images"));
        }
        List<List<Object>> rows = new ArrayList<>();
        double full = fidelity.fullPeakBytes();
        List<Object> first = Table.row("full cache", 1.0, fidelity.fullPeakBytes(), 1.0, 1.0);
        fidelity.full().forEach(m -> first.add(spread(m)));
        while (first.size() < columns.size()) {
            first.add(null);
        }
        rows.add(first);
        for (FidelityPoint point : fidelity.points()) {
            List<Object> row = Table.row(
                    point.method(),
                    point.budget(),
                    point.peakBytes(),
                    point.peakBytes() / full,
                    point.peakBytes() == 0 ? null : (Object) (full / point.peakBytes()));
            for (Measure measure : point.measures()) {
                row.add(spread(measure));
            }
            LongSummaryStatistics n = point.measures().stream()
                    .filter(Objects::nonNull)
                    .mapToLong(Measure::prompts)
                    .summaryStatistics();
            row.add(n.getCount() == 0 ? null : (Object) n.getMin());
            if (equal) {
                row.add(equal(point));
            }
            rows.add(row);
        }
        return new Table("Cost and saving by budget", columns, rows);
    }

    private static Table.Spread spread(Measure measure) {
        return measure == null ? null : new Table.Spread(measure.mean(), measure.sd());
    }

    /** Prompts whose image is the very same, which gives an infinite PSNR that no mean can hold. */
    private static long equal(FidelityPoint point) {
        return point.measures().stream()
                .filter(Objects::nonNull)
                .mapToLong(Measure::infinite)
                .max()
                .orElse(0);
    }

    private static List<Html> sentences(Fidelity fidelity) {
        Map<String, FidelityPoint> smallest = new LinkedHashMap<>();
        fidelity.points().forEach(p -> smallest.merge(p.method(), p, (a, b) -> b.peakBytes() < a.peakBytes() ? b : a));
        List<Html> sentences = new ArrayList<>();
        smallest.values().stream().limit(5).forEach(point -> sentences.add(sentence(point, fidelity)));
        return sentences;
    }

    private static Html sentence(FidelityPoint point, Fidelity fidelity) {
        List<Html> parts = new ArrayList<>();
        parts.add(Tag.SPAN.of(Html.data(point.method())).cls("name"));
        parts.add(Html.text(" at a budget of " + Shown.percent(point.budget())
                + (fidelity.allocated() ? " held at most " : " would hold at most ")
                + Shown.bytes(point.peakBytes())
                + " of KV cache instead of " + Shown.bytes(fidelity.fullPeakBytes())
                + (point.peakBytes() == 0
                        ? ""
                        : ", " + Shown.number(fidelity.fullPeakBytes() / (double) point.peakBytes(), 1)
                                + " times less")));
        String joint = "; ";
        for (int m = 0; m < fidelity.metrics().size() && m < 2; m++) {
            Measure measure = point.measures().get(m);
            if (measure != null) {
                Metric metric = fidelity.metrics().get(m);
                parts.add(Html.text(joint));
                parts.add(Html.data(metric.name()));
                parts.add(Html.text(" was " + meanSd(measure, metric) + " over " + measure.n() + " prompts"
                        + (measure.infinite() == 0 ? "" : " (" + measure.infinite() + " more were equal)")));
                joint = ", ";
            }
        }
        parts.add(Html.text("."));
        return Tag.P.of(parts).cls("lead");
    }

    private static String meanSd(Measure measure, Metric metric) {
        String unit = metric.unit().isEmpty() ? "" : "\u00a0" + metric.unit();
        return Shown.number(measure.mean(), metric.decimals())
                + (Double.isNaN(measure.sd())
                        ? ""
                        : "\u00a0\u00b1\u00a0" + Shown.number(measure.sd(), metric.decimals()))
                + unit;
    }
}
