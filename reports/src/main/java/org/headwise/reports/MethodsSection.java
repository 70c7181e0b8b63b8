package org.headwise.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headwise.analysis.ParetoFront;
import org.headwise.reports.ReportData.Fidelity;
import org.headwise.reports.ReportData.FidelityPoint;
import org.headwise.reports.ReportData.Measure;
import org.headwise.reports.ReportData.MethodTest;
import org.headwise.reports.ReportData.Metric;

/** Which method is best for its memory: Pareto fronts, and paired tests between the methods of a budget. */
final class MethodsSection {
    private static final String ID = "methods";
    private static final String TITLE = "Methods against each other";
    private static final double LEVEL = 0.05;

    private MethodsSection() {}

    static Section of(ReportData data, DataFolder files) {
        List<MethodTest> tests = data.fidelity().map(Fidelity::tests).orElse(List.of());
        if (tests.isEmpty()) {
            return Section.missing(
                    ID,
                    TITLE,
                    "No two methods were compared at the same budget in this run.",
                    "headwise sweep --methods heatkv,scalekv --match allocated");
        }
        Fidelity fidelity = data.fidelity().get();
        List<Html> body = new ArrayList<>();
        body.add(Tag.H3.of("Side by side"));
        body.add(Tag.P.of("Mean \u00b1 standard deviation over " + prompts(fidelity)
                + " prompts, by method and budget. A budget is what a method was asked for; what it then allocated is in the"
                + " summary."));
        body.add(SideBySide.of(fidelity, compared(fidelity), files));
        List<Html> figures = new ArrayList<>();
        for (int m : tested(fidelity)) {
            figures.add(front(fidelity, m, files));
        }
        body.add(Tag.DIV.of(figures).cls("pairs"));
        for (int m : tested(fidelity)) {
            body.add(ranking(fidelity, m));
        }
        body.add(Figure.numbers("All tests", HtmlTable.of(summary(tests)), files.add("tests.csv", table(tests))));
        return new Section(ID, TITLE, body);
    }

    private static long prompts(Fidelity fidelity) {
        return fidelity.points().stream()
                .flatMap(point -> point.measures().stream())
                .filter(Objects::nonNull)
                .mapToLong(Measure::prompts)
                .max()
                .orElse(0);
    }

    /** Quality, which is not what a machine took for it. */
    private static int[] compared(Fidelity fidelity) {
        return IntStream.range(0, fidelity.metrics().size())
                .filter(m ->
                        !List.of("s", "MiB").contains(fidelity.metrics().get(m).unit()))
                .toArray();
    }

    private static int[] tested(Fidelity fidelity) {
        return IntStream.range(0, fidelity.metrics().size())
                .filter(m -> fidelity.tests().stream()
                        .anyMatch(test ->
                                test.metric().equals(fidelity.metrics().get(m).name())))
                .toArray();
    }

    private static Html front(Fidelity fidelity, int m, DataFolder files) {
        Metric metric = fidelity.metrics().get(m);
        boolean[] front = front(fidelity, m);
        Table table = frontTable(fidelity, m, front);
        return Figure.of(
                "Pareto front: " + metric.name(),
                Html.text(
                        "Means over prompts. The line joins what no other schedule beats, holding no more and being no"
                                + " worse; its members have names."),
                Charts.pareto(fidelity, m, front).inline(Shown.label(metric.name(), 60) + ": Pareto front"),
                table,
                files.add("pareto-" + (m + 1) + ".csv", table));
    }

    /** By point; missing measures are on no front. */
    static boolean[] front(Fidelity fidelity, int metric) {
        double sign = fidelity.metrics().get(metric).higherIsBetter() ? -1 : 1;
        return ParetoFront.of(
                fidelity.points().stream().mapToDouble(FidelityPoint::peakBytes).toArray(),
                fidelity.points().stream()
                        .map(point -> point.measures().get(metric))
                        .mapToDouble(measure -> measure == null ? Double.NaN : sign * measure.mean())
                        .toArray());
    }

    private static Table frontTable(Fidelity fidelity, int m, boolean[] front) {
        Metric metric = fidelity.metrics().get(m);
        List<List<Object>> rows = new ArrayList<>();
        for (int p = 0; p < front.length; p++) {
            FidelityPoint point = fidelity.points().get(p);
            Measure measure = point.measures().get(m);
            rows.add(Table.row(
                    point.method(),
                    point.budget(),
                    point.peakBytes(),
                    measure == null ? null : new Table.Spread(measure.mean(), measure.sd()),
                    measure == null ? null : (Object) measure.n(),
                    front[p] ? "yes" : "no"));
        }
        return new Table(
                "Pareto front of " + metric.name(),
                List.of(
                        Table.Column.text("method"),
                        Table.Column.share("budget"),
                        Table.Column.bytes("KV cache"),
                        Table.Column.spread(metric.name(), metric.unit(), metric.decimals()),
                        Table.Column.integer("N"),
                        Table.Column.text("on the front")),
                rows);
    }

    /** Methods by their mean at each budget, with whom they cannot be told apart from. */
    private static Html ranking(Fidelity fidelity, int m) {
        Metric metric = fidelity.metrics().get(m);
        Comparator<FidelityPoint> byMean =
                Comparator.comparingDouble(point -> point.measures().get(m).mean());
        List<List<Object>> rows = new ArrayList<>();
        fidelity.points().stream()
                .map(FidelityPoint::budget)
                .distinct()
                .forEach(budget -> fidelity.points().stream()
                        .filter(point ->
                                point.budget() == budget && point.measures().get(m) != null)
                        .sorted(metric.higherIsBetter() ? byMean.reversed() : byMean)
                        .forEach(point -> {
                            Measure measure = point.measures().get(m);
                            rows.add(Table.row(
                                    budget,
                                    point.method(),
                                    new Table.Spread(measure.mean(), measure.sd()),
                                    measure.n(),
                                    String.join(", ", alike(fidelity.tests(), metric.name(), budget, point.method()))));
                        }));
        Table table = new Table(
                "Ranking by " + metric.name(),
                List.of(
                        Table.Column.share("budget"),
                        Table.Column.text("method"),
                        Table.Column.spread(metric.name(), metric.unit(), metric.decimals()),
                        Table.Column.integer("N"),
                        Table.Column.text("no different from")),
                rows);
        return Tag.DIV.of(
                Tag.H3.of(Html.data(metric.name())),
                Tag.P.of("Best first. \"No different\" are methods for which Wilcoxon's signed rank test over the same"
                        + " prompts finds a chance above 5% after Holm's correction for all pairs of the budget."),
                HtmlTable.of(table));
    }

    /** Methods that the test does not tell apart from this one. */
    static List<String> alike(List<MethodTest> tests, String metric, double budget, String method) {
        List<String> alike = new ArrayList<>();
        for (MethodTest test : tests) {
            boolean of = test.metric().equals(metric) && test.budget() == budget;
            if (of && !(test.rankHolm() < LEVEL)) {
                if (test.first().equals(method)) {
                    alike.add(test.second());
                } else if (test.second().equals(method)) {
                    alike.add(test.first());
                }
            }
        }
        return alike;
    }

    private static Table summary(List<MethodTest> tests) {
        List<List<Object>> rows = new ArrayList<>();
        tests.stream()
                .map(MethodTest::metric)
                .distinct()
                .forEach(metric -> tests.stream()
                        .map(MethodTest::budget)
                        .distinct()
                        .forEach(budget -> {
                            List<MethodTest> own = tests.stream()
                                    .filter(test -> test.metric().equals(metric) && test.budget() == budget)
                                    .toList();
                            rows.add(Table.row(
                                    metric,
                                    budget,
                                    own.size(),
                                    own.stream()
                                            .filter(t -> t.rankHolm() < LEVEL)
                                            .count(),
                                    own.stream().filter(t -> t.tHolm() < LEVEL).count()));
                        }));
        return new Table(
                "Pairs told apart",
                List.of(
                        Table.Column.text("measure"),
                        Table.Column.share("budget"),
                        Table.Column.integer("pairs"),
                        Table.Column.integer("told apart by signed ranks"),
                        Table.Column.integer("told apart by t")),
                rows);
    }

    private static Table table(List<MethodTest> tests) {
        List<List<Object>> rows = new ArrayList<>();
        for (MethodTest test : tests) {
            rows.add(Table.row(
                    test.metric(),
                    test.budget(),
                    test.first(),
                    test.second(),
                    test.pairs().n(),
                    test.pairs().zeros(),
                    test.pairs().meanDifference(),
                    test.pairs().deviation(),
                    test.pairs().t(),
                    test.pairs().tProbability(),
                    test.tHolm(),
                    test.pairs().rankSum(),
                    test.pairs().rankProbability(),
                    test.rankHolm()));
        }
        return new Table(
                "Paired tests between methods",
                List.of(
                        Table.Column.text("measure"),
                        Table.Column.share("budget"),
                        Table.Column.text("first"),
                        Table.Column.text("second"),
                        Table.Column.integer("N"),
                        Table.Column.integer("equal pairs"),
                        Table.Column.real("mean of first - second", "", 4),
                        Table.Column.real("sd of first - second", "", 4),
                        Table.Column.real("t", "", 3),
                        Table.Column.real("p of t", "", 4),
                        Table.Column.real("p of t after Holm", "", 4),
                        Table.Column.real("rank sum", "", 1),
                        Table.Column.real("p of signed ranks", "", 4),
                        Table.Column.real("p of signed ranks after Holm", "", 4)),
                rows);
    }
}
