package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.IntStream;
import org.headwise.reports.ReportData.ScaleHeat;

/** Which source scales each target scale looks at: over all heads, and for the heads at the extremes. */
final class ScaleHeatSection {
    private static final int SHOWN_EACH = 2;

    private ScaleHeatSection() {}

    static Section of(ReportData data, DataFolder files) {
        if (data.scaleHeat().isEmpty()) {
            return Section.missing(
                    "scale-heat",
                    "Which scales look at which",
                    "There is no scale heat in this run.",
                    "headwise calibrate MODEL --prompts FILE --out RUN");
        }
        ScaleHeat heat = data.scaleHeat().get();
        double[][] mean = mean(heat);
        files.add("scale-heat-heads.csv", everyHead(heat));
        double high = brightest(mean);
        String steps = heat.group() == 1
                ? ""
                : "Steps are taken together in groups of " + heat.group() + ", since there are so many. ";
        String sentence =
                steps + "Mean over all heads. Every column is one target scale and adds up to 1; the diagonal is the"
                        + " attention that a scale pays to itself. On average a target scale gives "
                        + Shown.percent(past(mean)) + " of its attention to earlier scales.";
        List<Html> body = new ArrayList<>();
        body.add(Figure.of(
                "",
                Html.text(sentence),
                Charts.scaleHeat(mean, high).inline("Heat map of attention from target scales to source scales"),
                table(mean),
                files.add("scale-heat-mean.csv", table(mean))));
        List<Html> few = new ArrayList<>();
        for (int index : chosen(heat)) {
            few.add(small(heat, index));
        }
        body.add(Tag.H3.of("Heads at the extremes"));
        body.add(Tag.P.of(
                Html.text("From the heads that look back the most to those that look back the least, with the share"
                        + " that goes to earlier scales. The maps of all heads are under "),
                Tag.A.of("every head").set(Attr.HREF, "#heads"),
                Html.text(" and in "),
                Tag.A.of("scale-heat-heads.csv").set(Attr.HREF, "report-data/scale-heat-heads.csv"),
                Html.text(".")));
        body.add(Tag.DIV.of(few).cls("row"));
        return new Section("scale-heat", "Which scales look at which", body);
    }

    private static Html small(ScaleHeat heat, int index) {
        int layer = index / heat.heads();
        int head = index % heat.heads();
        double[][] mass = heat.mass()[index];
        int cell = Math.clamp(130 / heat.scales(), 5, 20);
        Svg svg = Charts.scaleMap(mass, 1).draw(cell);
        return Tag.FIGURE.of(
                Tag.FIGCAPTION.of("Layer " + layer + ", head " + head + ": " + Shown.percent(past(mass))),
                svg.inline("Scale heat of layer " + layer + ", head " + head));
    }

    /** The heads with the most, a middling and the least attention to earlier scales. */
    static SequencedSet<Integer> chosen(ScaleHeat heat) {
        List<Integer> sorted = IntStream.range(0, heat.mass().length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -past(heat.mass()[i]))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        SequencedSet<Integer> chosen = new LinkedHashSet<>();
        for (int i = 0; i < Math.min(SHOWN_EACH, sorted.size()); i++) {
            chosen.add(sorted.get(i));
        }
        chosen.add(sorted.get(sorted.size() / 2));
        for (int i = Math.max(0, sorted.size() - SHOWN_EACH); i < sorted.size(); i++) {
            chosen.add(sorted.get(i));
        }
        return chosen;
    }

    /** The attention that target scales 1 and later give to earlier scales, averaged over target scales. */
    static double past(double[][] mass) {
        double sum = 0;
        int targets = 0;
        for (int target = 1; target < mass.length; target++) {
            double toEarlier = 0;
            for (int source = 0; source < target; source++) {
                toEarlier += mass[source][target];
            }
            if (Double.isFinite(toEarlier)) {
                sum += toEarlier;
                targets++;
            }
        }
        return targets == 0 ? Double.NaN : sum / targets;
    }

    static double[][] mean(ScaleHeat heat) {
        int n = heat.scales();
        double[][] mean = new double[n][n];
        for (int source = 0; source < n; source++) {
            for (int target = 0; target < n; target++) {
                int s = source;
                int t = target;
                mean[s][t] = Arrays.stream(heat.mass())
                        .mapToDouble(map -> map[s][t])
                        .filter(Double::isFinite)
                        .average()
                        .orElse(Double.NaN);
            }
        }
        return mean;
    }

    /** The largest share but for target scale 0, which has only itself to look at. */
    private static double brightest(double[][] mean) {
        return Arrays.stream(mean)
                .flatMapToDouble(row -> Arrays.stream(row).skip(Math.min(1, row.length - 1)))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
    }

    private static Table table(double[][] mean) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text("source scale")));
        for (int target = 0; target < mean.length; target++) {
            columns.add(Table.Column.real("to " + target, "", 3));
        }
        List<List<Object>> rows = new ArrayList<>();
        for (int source = 0; source < mean.length; source++) {
            List<Object> row = Table.row(Integer.toString(source));
            for (int target = 0; target < mean.length; target++) {
                row.add(target < source ? null : (Object) mean[source][target]);
            }
            rows.add(row);
        }
        return new Table("Share of a target scale's attention by source scale, mean over heads", columns, rows);
    }

    private static Table everyHead(ScaleHeat heat) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < heat.mass().length; i++) {
            for (int target = 0; target < heat.scales(); target++) {
                for (int source = 0; source <= target; source++) {
                    rows.add(Table.row(
                            i / heat.heads(), i % heat.heads(), source, target, heat.mass()[i][source][target]));
                }
            }
        }
        return new Table(
                "Scale heat of every head",
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("head"),
                        Table.Column.integer("source scale"),
                        Table.Column.integer("target scale"),
                        Table.Column.real("share of attention", "", 4)),
                rows);
    }
}
