package org.headwise.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.headwise.reports.ReportData.Fidelity;
import org.headwise.reports.ReportData.FidelityPoint;
import org.headwise.reports.ReportData.Measure;
import org.headwise.reports.ReportData.Metric;

/** Methods down, budgets across: one small table for every measure of quality. */
final class SideBySide {
    private SideBySide() {}

    /** @param metrics indices of those to show */
    static Html of(Fidelity fidelity, int[] metrics, DataFolder files) {
        List<Double> budgets = fidelity.points().stream()
                .map(FidelityPoint::budget)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        List<String> methods =
                fidelity.points().stream().map(FidelityPoint::method).distinct().toList();
        List<Html> figures = new ArrayList<>();
        for (int m : metrics) {
            Table table = table(fidelity, m, methods, budgets);
            figures.add(Tag.DIV.of(
                    Tag.P.of(Tag.SPAN.of(Html.data(table.title())).cls("name")),
                    HtmlTable.of(table),
                    Tag.P
                            .of(Html.text("As a file: "), files.add("side-by-side-" + (m + 1) + ".csv", table))
                            .cls("file")));
        }
        return Tag.DIV.of(figures).cls("pairs");
    }

    static Table table(Fidelity fidelity, int m, List<String> methods, List<Double> budgets) {
        Metric metric = fidelity.metrics().get(m);
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text("method")));
        budgets.forEach(budget -> columns.add(Table.Column.spread(Shown.percent(budget), "", metric.decimals())));
        List<List<Object>> rows = new ArrayList<>();
        for (String method : methods) {
            List<Object> row = Table.row(method);
            for (double budget : budgets) {
                Optional<Measure> measure = fidelity.points().stream()
                        .filter(point -> point.method().equals(method) && point.budget() == budget)
                        .findFirst()
                        .map(point -> point.measures().get(m));
                row.add(measure.map(found -> new Table.Spread(found.mean(), found.sd()))
                        .orElse(null));
            }
            rows.add(row);
        }
        String direction = metric.higherIsBetter() ? " (higher is better)" : " (lower is better)";
        return new Table(Charts.withUnit(metric.name(), metric.unit()) + direction, columns, rows);
    }
}
