package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.headwise.reports.LineChart.Line;
import org.headwise.reports.LineChart.Look;
import org.headwise.reports.LineChart.Side;
import org.headwise.reports.ReportData.BitAgreement;
import org.headwise.reports.ReportData.Fidelity;
import org.headwise.reports.ReportData.FidelityPoint;
import org.headwise.reports.ReportData.HeadIntervals;
import org.headwise.reports.ReportData.HeadStatistic;
import org.headwise.reports.ReportData.LedgerSeries;
import org.headwise.reports.ReportData.Likeness;
import org.headwise.reports.ReportData.Measure;
import org.headwise.reports.ReportData.Metric;
import org.headwise.reports.ReportData.StabilityPoint;

/** The charts of Headwise, each from its plain numbers; {@link Svg#document()} makes a file of one. */
public final class Charts {
    /** Of models with more steps an even choice is drawn. */
    private static final int MOST_STEPS = 48;

    private static final int MOST_RINGS = 16;
    private static final int MOST_BARS = 4;

    private Charts() {}

    /** Layers down, heads across. */
    public static Svg heads(HeadStatistic statistic) {
        return HeatMap.spanning("head", "layer", withUnit(statistic.name(), statistic.unit()), statistic.values())
                .draw();
    }

    /**
     * Source scales down, target scales across.
     *
     * @param mass [source][target]; later sources than targets are left empty
     * @param high value of the brightest colour
     */
    public static Svg scaleHeat(double[][] mass, double high) {
        return scaleMap(mass, high).draw(Math.clamp(420 / mass.length, 8, 44));
    }

    /** Layers down, scales across: Z-scores of the selectivity, drafters marked. */
    static Svg selectivity(LayerRoles.Measured measured) {
        return HeatMap.spanning("scale", "layer", "selectivity, Z-score", measured.z())
                .marking(measured.usual().drafters())
                .draw();
    }

    /** Layers down, scales across: tokens held when a scale begins, drafters marked. */
    static Svg tokens(LayerRoles.Kept kept) {
        double[][] tokens = Arrays.stream(kept.tokens())
                .map(row -> Arrays.stream(row).asDoubleStream().toArray())
                .toArray(double[][]::new);
        return HeatMap.spanning("scale", "layer", "tokens of a kv head", tokens)
                .marking(kept.drafters())
                .draw();
    }

    static HeatMap scaleMap(double[][] mass, double high) {
        return new HeatMap("target scale", "source scale", "share of attention", causal(mass), 0, high);
    }

    /** Rank correlation of heads between groups of prompts, one line per statistic. */
    public static Svg correlation(List<StabilityPoint> points) {
        return stability(points, "Spearman correlation of heads", StabilityPoint::correlation);
    }

    /**
     * Overlap of the pruned heads between groups of prompts, one line per statistic.
     *
     * @param pruned what the heads are called
     */
    public static Svg overlap(List<StabilityPoint> points, String pruned) {
        return stability(
                points.stream().filter(p -> p.overlap() != null).toList(),
                "Jaccard index of " + pruned + " heads",
                StabilityPoint::overlap);
    }

    /** Scores of heads with their intervals, in the order of the given indices. */
    static Svg intervals(HeadIntervals intervals, List<Integer> ranked) {
        Line line = new Line(
                "",
                steps(ranked.size()),
                picked(intervals.mean(), ranked),
                picked(intervals.low(), ranked),
                picked(intervals.high(), ranked),
                Look.DOTS,
                0);
        return new LineChart("heads by rank", intervals.score(), List.of(line), List.of(), 0, Double.NaN, Side.RIGHT)
                .drawWide();
    }

    private static double[] picked(double[] values, List<Integer> which) {
        return which.stream().mapToDouble(i -> values[i]).toArray();
    }

    private interface Reading {
        Likeness of(StabilityPoint point);
    }

    private static Svg stability(List<StabilityPoint> points, String yLabel, Reading reading) {
        Map<String, List<StabilityPoint>> byStatistic = new LinkedHashMap<>();
        points.forEach(p -> byStatistic
                .computeIfAbsent(p.statistic(), k -> new ArrayList<>())
                .add(p));
        List<Line> lines = new ArrayList<>();
        byStatistic.forEach((name, own) -> {
            own.sort(Comparator.comparingLong(StabilityPoint::prompts));
            double[][] columns = new double[4][own.size()];
            for (int i = 0; i < own.size(); i++) {
                Likeness read = reading.of(own.get(i));
                columns[0][i] = log2(own.get(i).prompts());
                columns[1][i] = read.mean();
                columns[2][i] = read.low();
                columns[3][i] = read.high();
            }
            lines.add(new Line(name, columns[0], columns[1], columns[2], columns[3], Look.MARKED, lines.size()));
        });
        List<Ticks.Tick> ticks = points.stream()
                .map(StabilityPoint::prompts)
                .distinct()
                .sorted()
                .map(n -> new Ticks.Tick(log2(n), Long.toString(n)))
                .toList();
        return new LineChart("prompts in each group", yLabel, lines, ticks, Double.NaN, 1, Side.RIGHT).draw();
    }

    /** KV bytes kept after each step: lines are allocated (or predicted where that is all), rings are predicted. */
    public static Svg memory(List<LedgerSeries> ledgers) {
        long most = ledgers.stream()
                .flatMap(ledger -> ledger.best().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        int unit = Shown.byteUnit(most);
        double factor = Shown.byteFactor(unit);
        List<Line> lines = new ArrayList<>();
        int steps = 0;
        int series = 0;
        for (LedgerSeries ledger : ledgers) {
            int colour = ledger.full() ? -1 : series++;
            steps = Math.max(steps, ledger.best().size());
            lines.add(bySteps(ledger.name(), ledger.best(), factor, Look.STEPS, MOST_STEPS, colour));
            if (!ledger.allocated().isEmpty() && !ledger.predicted().isEmpty()) {
                lines.add(bySteps("", ledger.predicted(), factor, Look.RINGS, MOST_RINGS, colour));
            }
        }
        return new LineChart(
                        "step",
                        "KV cache kept after the step, " + Shown.byteUnitName(unit),
                        lines,
                        Ticks.indices(Math.max(1, steps), 20),
                        0,
                        Double.NaN,
                        Side.RIGHT)
                .drawWide();
    }

    private static Line bySteps(String name, List<Long> bytes, double factor, Look look, int most, int colour) {
        int[] shown = Thinned.indices(bytes.size(), most);
        double[] y = Arrays.stream(shown)
                .mapToDouble(step -> bytes.get(step) / factor)
                .toArray();
        return Line.plain(name, Arrays.stream(shown).asDoubleStream().toArray(), y, look, colour);
    }

    /** One metric against the peak KV cache as a share of the full one, one line per method. */
    public static Svg fidelity(Fidelity fidelity, int metric) {
        Map<String, List<FidelityPoint>> byMethod = new LinkedHashMap<>();
        fidelity.points()
                .forEach(p -> byMethod.computeIfAbsent(p.method(), k -> new ArrayList<>())
                        .add(p));
        List<Line> lines = new ArrayList<>();
        byMethod.forEach((method, points) -> {
            List<FidelityPoint> own = points.stream()
                    .filter(p -> p.measures().get(metric) != null && p.peakBytes() > 0)
                    .sorted(Comparator.comparingLong(FidelityPoint::peakBytes))
                    .toList();
            double[] x = own.stream().mapToDouble(p -> logShare(p, fidelity)).toArray();
            List<Measure> measures =
                    own.stream().map(p -> p.measures().get(metric)).toList();
            Line line = withBars(method, x, measures, lines.size());
            lines.add(hasBars(byMethod.size()) ? line : line.withoutBars());
        });
        List<Ticks.Tick> ticks = shares(lines);
        Metric m = fidelity.metrics().get(metric);
        String direction = m.higherIsBetter() ? " (higher is better)" : " (lower is better)";
        String held = fidelity.allocated() ? "allocated" : "predicted";
        return new LineChart(
                        "peak KV cache " + held + ", share of the full cache",
                        withUnit(m.name(), m.unit()) + direction,
                        lines,
                        ticks,
                        Double.NaN,
                        Double.NaN,
                        Side.LEFT)
                .draw();
    }

    /** Marks of a logarithmic axis of shares, as far as the lines reach. */
    private static List<Ticks.Tick> shares(List<Line> lines) {
        double highest = lines.stream()
                .flatMapToDouble(line -> Arrays.stream(line.x()))
                .max()
                .orElse(0);
        double lowest = lines.stream()
                .flatMapToDouble(line -> Arrays.stream(line.x()))
                .min()
                .orElse(-1);
        return List.of(0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0).stream()
                .filter(share -> log2(share) > lowest - 0.4 && log2(share) < highest + 0.4)
                .map(share -> new Ticks.Tick(log2(share), Shown.percent(share)))
                .toList();
    }

    /**
     * Means of one metric against the peak KV cache, with a line through those on the front.
     *
     * @param front by point
     */
    static Svg pareto(Fidelity fidelity, int metric, boolean[] front) {
        List<Line> lines = new ArrayList<>();
        List<FidelityPoint> members = IntStream.range(0, front.length)
                .filter(p -> front[p] && fidelity.points().get(p).peakBytes() > 0)
                .mapToObj(fidelity.points()::get)
                .sorted(Comparator.comparingLong(FidelityPoint::peakBytes))
                .toList();
        List<FidelityPoint> others = fidelity.points().stream()
                .filter(p -> !members.contains(p)
                        && p.peakBytes() > 0
                        && p.measures().get(metric) != null)
                .toList();
        lines.add(means("", others, fidelity, metric, Look.RINGS, -1));
        lines.add(means("", members, fidelity, metric, Look.MARKED, 0));
        for (FidelityPoint member : members) {
            lines.add(means(member.method(), List.of(member), fidelity, metric, Look.DOTS, 0));
        }
        Metric m = fidelity.metrics().get(metric);
        return new LineChart(
                        "peak KV cache, share of the full cache",
                        withUnit(m.name(), m.unit())
                                + (m.higherIsBetter() ? " (higher is better)" : " (lower is better)"),
                        lines,
                        shares(lines),
                        Double.NaN,
                        Double.NaN,
                        Side.RIGHT)
                .draw();
    }

    private static Line means(
            String name, List<FidelityPoint> points, Fidelity fidelity, int metric, Look look, int series) {
        return Line.plain(
                name,
                points.stream().mapToDouble(p -> logShare(p, fidelity)).toArray(),
                points.stream()
                        .mapToDouble(p -> p.measures().get(metric).mean())
                        .toArray(),
                look,
                series);
    }

    /**
     * Share of equal choices by step, one line per schedule.
     *
     * @param choices what they are called, {@code bits} or {@code codes}
     * @param step what a step is called
     */
    public static Svg bits(List<BitAgreement> agreements, String choices, String step) {
        List<Line> lines = bySteps(agreements, BitAgreement::steps, 1);
        return new LineChart(
                        step,
                        "share of equal " + choices,
                        lines,
                        Ticks.indices(steps(agreements), 20),
                        Double.NaN,
                        1,
                        Side.RIGHT)
                .drawWide();
    }

    /** Divergence by step, one line per schedule. */
    static Svg divergence(List<BitAgreement> agreements, String choices, String step) {
        String unit = "nats per " + choices.substring(0, choices.length() - 1);
        return new LineChart(
                        step,
                        "KL, " + unit + " (lower is better)",
                        bySteps(agreements, BitAgreement::divergence, Double.POSITIVE_INFINITY),
                        Ticks.indices(steps(agreements), 20),
                        0,
                        Double.NaN,
                        Side.RIGHT)
                .drawWide();
    }

    private static int steps(List<BitAgreement> agreements) {
        return agreements.stream().mapToInt(a -> a.steps().size()).max().orElse(1);
    }

    /** Lines have bars while there are few of them: those of many hide each other. */
    static boolean hasBars(int lines) {
        return lines <= MOST_BARS;
    }

    private static List<Line> bySteps(
            List<BitAgreement> agreements, Function<BitAgreement, List<Measure>> which, double most) {
        List<Line> lines = new ArrayList<>();
        for (BitAgreement agreement : agreements) {
            List<Measure> measures = which.apply(agreement);
            int[] shown = Thinned.indices(measures.size(), MOST_STEPS);
            Line line = withBars(
                    agreement.schedule(),
                    Arrays.stream(shown).asDoubleStream().toArray(),
                    Arrays.stream(shown).mapToObj(measures::get).toList(),
                    lines.size());
            clamp(line.low(), most);
            clamp(line.high(), most);
            lines.add(hasBars(agreements.size()) ? line : line.withoutBars());
        }
        return lines;
    }

    private static Line withBars(String name, double[] x, List<Measure> measures, int series) {
        double[] y = measures.stream().mapToDouble(Measure::mean).toArray();
        double[] low = measures.stream().mapToDouble(m -> m.mean() - m.sd()).toArray();
        double[] high = measures.stream().mapToDouble(m -> m.mean() + m.sd()).toArray();
        return new Line(name, x, y, low, high, Look.MARKED, series);
    }

    /** A share lies between 0 and 1, and a divergence above 0; a mean less or plus a standard deviation need not. */
    private static void clamp(double[] values, double most) {
        Arrays.setAll(values, i -> Math.clamp(values[i], 0, most));
    }

    static String withUnit(String name, String unit) {
        return unit.isEmpty() ? name : name + ", " + unit;
    }

    static double[][] causal(double[][] mass) {
        double[][] shown = new double[mass.length][];
        for (int source = 0; source < mass.length; source++) {
            shown[source] = mass[source].clone();
            Arrays.fill(shown[source], 0, source, Double.NaN);
        }
        return shown;
    }

    private static double[] steps(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }

    private static double logShare(FidelityPoint point, Fidelity fidelity) {
        return log2(point.peakBytes() / (double) fidelity.fullPeakBytes());
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
