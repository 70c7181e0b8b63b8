package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.headwise.analysis.Column;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Statistic;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.reports.ReportData.HeadStatistic;
import org.headwise.reports.ReportData.RunInfo;
import org.headwise.reports.ReportData.ScaleHeat;
import org.headwise.reports.ReportData.Source;

/** Reads a report's numbers out of statistics, schedules and an evaluation. */
public final class Reports {
    /** More rows than this cannot be told apart in the small maps of heads. */
    private static final int MOST_SCALES = 32;

    private Reports() {}

    /**
     * The numbers of a report.
     *
     * @throws InputRefused if the parts are of different models
     */
    public static ReportData of(ReportSources sources) {
        requireOneGeometry(sources);
        Optional<EvaluationReading> evaluation =
                sources.evaluation().map(e -> new EvaluationReading(e.result(), e.folder()));
        List<Statistic> statistics = sources.profile().map(Profile::statistics).orElse(List.of());
        return new ReportData(
                sources.title(),
                new RunInfo(
                        sources.model(),
                        sources.geometry(),
                        sources.profile().map(p -> (long) p.prompts()).orElse(0L),
                        provenance(sources)),
                statistics.stream().flatMap(s -> columns(s).stream()).toList(),
                statistics.stream()
                        .filter(org.headwise.analysis.ScaleHeat.class::isInstance)
                        .map(s -> heat((org.headwise.analysis.ScaleHeat) s))
                        .findFirst(),
                sources.stability().map(StabilityReading::points).orElse(List.of()),
                sources.stability().map(StabilityReading::intervals),
                Ledgers.of(sources),
                evaluation.map(EvaluationReading::fidelity),
                evaluation.map(EvaluationReading::bits).orElse(List.of()),
                evaluation.map(EvaluationReading::images).orElse(List.of()),
                Stream.concat(sources.notes().stream(), evaluation.flatMap(EvaluationReading::remark).stream())
                        .toList(),
                LayerRoles.of(sources),
                RasterReading.of(sources));
    }

    /** A statistic's columns as heat maps. */
    public static List<HeadStatistic> columns(Statistic statistic) {
        List<HeadStatistic> result = new ArrayList<>();
        for (Column column : statistic.columns()) {
            String unit = column.unit().equals("share") ? "" : column.unit();
            result.add(new HeadStatistic(
                    statistic.title(),
                    column.name().replace('_', ' '),
                    unit,
                    sentence(column.description()),
                    reshaped(statistic.geometry(), column.values())));
        }
        return result;
    }

    private static ScaleHeat heat(org.headwise.analysis.ScaleHeat statistic) {
        Geometry geometry = statistic.geometry();
        int steps = geometry.steps().size();
        double[] heat = statistic.heat();
        double[][][] mass = new double[geometry.layers() * geometry.heads()][steps][];
        for (int head = 0; head < mass.length; head++) {
            for (int source = 0; source < steps; source++) {
                int from = (head * steps + source) * steps;
                mass[head][source] = Arrays.copyOfRange(heat, from, from + steps);
            }
        }
        return new ScaleHeat(geometry.layers(), geometry.heads(), mass).grouped(MOST_SCALES);
    }

    private static double[][] reshaped(Geometry geometry, double[] values) {
        double[][] result = new double[geometry.layers()][];
        for (int layer = 0; layer < result.length; layer++) {
            int from = layer * geometry.heads();
            result[layer] = Arrays.copyOfRange(values, from, from + geometry.heads());
        }
        return result;
    }

    private static String sentence(String description) {
        if (description.isEmpty()) {
            return "";
        }
        String first = description.substring(0, 1).toUpperCase(Locale.ROOT);
        return first + description.substring(1) + (description.endsWith(".") ? "" : ".");
    }

    private static List<Source> provenance(ReportSources sources) {
        List<Source> all = new ArrayList<>();
        sources.profile().ifPresent(p -> all.add(new Source("calibration", p.provenance())));
        sources.schedules()
                .forEach(s ->
                        all.add(new Source("schedule " + s.name(), s.schedule().provenance())));
        sources.evaluation()
                .ifPresent(e -> all.add(new Source("evaluation", e.result().provenance())));
        return all;
    }

    private static void requireOneGeometry(ReportSources sources) {
        sources.profile().ifPresent(p -> p.statistics().forEach(s -> require(sources, s.geometry(), s.title())));
        sources.schedules().forEach(s -> require(sources, s.schedule().geometry(), "schedule " + s.name()));
        sources.evaluation().ifPresent(e -> require(sources, e.result().geometry(), "the evaluation"));
    }

    private static void require(ReportSources sources, Geometry found, String part) {
        if (!found.equals(sources.geometry())) {
            throw new InputRefused(part + " is of another model than this report: found " + found.describe()
                    + ", expected " + sources.geometry().describe());
        }
    }
}
