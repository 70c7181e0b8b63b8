package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import org.headwise.reports.ReportData.Fidelity;
import org.headwise.reports.ReportData.FidelityPoint;
import org.headwise.reports.ReportData.Measure;
import org.headwise.reports.ReportData.Metric;

/** Every metric against memory, with error bars. */
final class FidelitySection {
    private static final String ID = "fidelity";
    private static final String TITLE = "Fidelity against memory";

    private FidelitySection() {}

    static Section of(ReportData data, DataFolder files) {
        if (data.fidelity().isEmpty()) {
            return Section.missing(
                    ID, TITLE, "No budgets were compared in this run.", "headwise sweep MODEL --methods heatkv");
        }
        Fidelity fidelity = data.fidelity().get();
        boolean bars = Charts.hasBars((int)
                fidelity.points().stream().map(FidelityPoint::method).distinct().count());
        List<Html> figures = new ArrayList<>();
        for (int m = 0; m < fidelity.metrics().size(); m++) {
            Metric metric = fidelity.metrics().get(m);
            Table table = table(fidelity, m);
            figures.add(Figure.of(
                    metric.name(),
                    Tag.SPAN.of(
                            Html.data(metric.description()),
                            Html.text(
                                    bars
                                            ? " Points are means, bars one standard deviation over prompts."
                                            : " Points are means over prompts; the table has their deviations.")),
                    Charts.fidelity(fidelity, m).inline(Shown.label(metric.name(), 60) + " against memory"),
                    table,
                    files.add("fidelity-" + (m + 1) + ".csv", table)));
        }
        return new Section(ID, TITLE, List.of(Tag.DIV.of(figures).cls("pairs")));
    }

    private static Table table(Fidelity fidelity, int index) {
        Metric metric = fidelity.metrics().get(index);
        List<List<Object>> rows = new ArrayList<>();
        for (FidelityPoint point : fidelity.points()) {
            Measure measure = point.measures().get(index);
            rows.add(Table.row(
                    point.method(),
                    point.budget(),
                    point.peakBytes(),
                    point.peakBytes() / (double) fidelity.fullPeakBytes(),
                    measure == null ? null : new Table.Spread(measure.mean(), measure.sd()),
                    measure == null ? null : (Object) measure.n(),
                    measure == null ? null : (Object) measure.infinite()));
        }
        return new Table(
                metric.name(),
                List.of(
                        Table.Column.text("method"),
                        Table.Column.share("budget"),
                        Table.Column.bytes("KV cache"),
                        Table.Column.share("of full"),
                        Table.Column.spread(metric.name(), metric.unit(), metric.decimals()),
                        Table.Column.integer("N"),
                        Table.Column.integer("infinite")),
                rows);
    }
}
