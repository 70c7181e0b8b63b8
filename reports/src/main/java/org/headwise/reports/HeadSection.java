package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.headwise.reports.ReportData.HeadStatistic;

/** A heat map of layers by heads for every statistic; each cell leads to its head's numbers further down. */
final class HeadSection {
    private static final int FOLDED_FROM = 6;

    private HeadSection() {}

    static Section of(ReportData data, Drawings drawings, DataFolder files, Detail detail) {
        if (data.statistics().isEmpty()) {
            return Section.missing(
                    "heads",
                    "What the heads look at",
                    "There are no statistics of heads in this run.",
                    "headwise calibrate MODEL --prompts FILE --out RUN");
        }
        Html.Element csv = files.add("heads.csv", HeadDetails.table(data));
        List<Html> body = new ArrayList<>();
        String hint = detail.cellLinks() && detail.headTables()
                ? " Point at a cell for its value; follow it to the head's own numbers."
                : "";
        body.add(Tag.P.of("One map per statistic, averaged over " + data.run().prompts()
                + " prompts: layers from top to bottom, heads from left to right, both counted from 0." + hint));
        if (data.mapped().size() < data.statistics().size()) {
            body.add(Tag.P
                    .of(
                            Html.text("Shown are " + data.mapped().size() + " of "
                                    + data.statistics().size() + " statistics; all are in "),
                            csv,
                            Html.text("."))
                    .cls("file"));
        }
        Map<String, List<Html>> groups = new LinkedHashMap<>();
        List<HeadStatistic> mapped = data.mapped();
        for (int i = 0; i < mapped.size(); i++) {
            HeadStatistic statistic = mapped.get(i);
            groups.computeIfAbsent(statistic.group(), g -> new ArrayList<>())
                    .add(figure(statistic, drawings.statistics().get(i), csv, detail));
        }
        groups.forEach((group, figures) -> body.addAll(group(group, figures)));
        if (detail.headTables()) {
            body.add(Tag.H3.of("Every head").id("every-head"));
            if (detail.mapNumbers() && data.scaleHeat().isPresent()) {
                body.add(Tag.P.of(
                        "Open a layer for its heads, and a scale heat map for its numbers: percent of attention,"
                                + " source scales down, target scales across."));
            }
            body.add(HeadDetails.of(data, drawings.thumbnails(), detail));
        } else {
            body.add(Tag.P
                    .of(
                            Html.text("This model has too many heads to list here; every number is in "),
                            csv,
                            Html.text("."))
                    .cls("file"));
        }
        return new Section("heads", "What the heads look at", body);
    }

    /** The first maps of a group, and the others folded. */
    private static List<Html> group(String name, List<Html> figures) {
        List<Html> parts = new ArrayList<>();
        if (!name.isEmpty()) {
            parts.add(Tag.H3.of(Html.data(name)).cls("group"));
        }
        int open = figures.size() <= FOLDED_FROM + 1 ? figures.size() : FOLDED_FROM;
        parts.add(Tag.DIV.of(figures.subList(0, open)).cls("grid"));
        if (open < figures.size()) {
            parts.add(Tag.DETAILS.of(
                    Tag.SUMMARY.of((figures.size() - open) + " more maps"),
                    Tag.DIV.of(figures.subList(open, figures.size())).cls("grid")));
        }
        return parts;
    }

    private static Html figure(HeadStatistic statistic, Svg svg, Html.Element csv, Detail detail) {
        List<Html> map = new ArrayList<>();
        map.add(svg.inline("Heat map of " + Shown.label(statistic.name(), 60) + " by layer and head"));
        if (detail.cellLinks() && detail.headTables()) {
            map.add(cells(statistic, svg.plot()));
        }
        Html chart = Tag.DIV.of(map).cls("map").set(Attr.STYLE, "width:" + svg.width() + "px");
        Html sentence = Tag.SPAN.of(Html.data(statistic.description()), Html.text(" " + extremes(statistic)));
        Html.Element numbers = detail.matrices()
                ? Figure.numbers("Numbers", matrix(statistic), csv)
                : Tag.P.of(Html.text("Numbers: "), csv).cls("file");
        return Tag.FIGURE.of(
                Tag.H4.of(Html.data(statistic.name())),
                Tag.FIGCAPTION.of(sentence),
                Tag.DIV.of(chart).cls("chart"),
                numbers);
    }

    /** Invisible cells over the drawing: a title with the value, and a link to the head. */
    private static Html cells(HeadStatistic statistic, Svg.Box box) {
        double[][] values = statistic.values();
        List<Html> links = new ArrayList<>();
        for (int layer = 0; layer < values.length; layer++) {
            for (int head = 0; head < values[layer].length; head++) {
                links.add(Tag.A
                        .of()
                        .set(Attr.HREF, "#" + HeadDetails.anchor(layer, head))
                        .set(Attr.TABINDEX, "-1")
                        .set(Attr.TITLE, "L" + layer + " H" + head + ": " + Shown.significant(values[layer][head], 3)));
            }
        }
        String place = String.format(
                Locale.ROOT,
                "left:%.2f%%;top:%.2f%%;width:%.2f%%;height:%.2f%%;grid-template-columns:repeat(%d,1fr)",
                box.left() * 100,
                box.top() * 100,
                box.width() * 100,
                box.height() * 100,
                values[0].length);
        return Tag.DIV.of(links).cls("cells").set(Attr.STYLE, place);
    }

    private static Html matrix(HeadStatistic statistic) {
        double[][] values = statistic.values();
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text("layer")));
        int decimals = HeadDetails.decimals(values);
        for (int head = 0; head < values[0].length; head++) {
            columns.add(Table.Column.real("h" + head, "", decimals));
        }
        List<List<Object>> rows = new ArrayList<>();
        for (int layer = 0; layer < values.length; layer++) {
            List<Object> row = Table.row(Integer.toString(layer));
            Arrays.stream(values[layer]).forEach(row::add);
            rows.add(row);
        }
        return HtmlTable.of(new Table(Charts.withUnit(statistic.name(), statistic.unit()), columns, rows));
    }

    /** Where the extremes are, and how much of the variance lies between layers rather than within them. */
    static String extremes(HeadStatistic statistic) {
        double[][] values = statistic.values();
        int[] highest = null;
        int[] lowest = null;
        for (int l = 0; l < values.length; l++) {
            for (int h = 0; h < values[l].length; h++) {
                double v = values[l][h];
                if (Double.isFinite(v)) {
                    highest = highest == null || v > values[highest[0]][highest[1]] ? new int[] {l, h} : highest;
                    lowest = lowest == null || v < values[lowest[0]][lowest[1]] ? new int[] {l, h} : lowest;
                }
            }
        }
        if (highest == null) {
            return "No head has a value.";
        }
        double between = varianceBetweenLayers(values);
        String share = Double.isNaN(between)
                ? ""
                : "; " + Shown.number(between * 100, 0) + "% of the variance lies between layers";
        return "From " + place(statistic, lowest) + " to " + place(statistic, highest) + share + ".";
    }

    /** Variance of the layers' means over the variance of all heads, 0 to 1; NaN when all heads are equal. */
    static double varianceBetweenLayers(double[][] values) {
        double mean = finite(values).average().orElse(Double.NaN);
        double all = finite(values).map(v -> (v - mean) * (v - mean)).sum();
        double between = 0;
        for (double[] layer : values) {
            double[] own = Arrays.stream(layer).filter(Double::isFinite).toArray();
            if (own.length > 0) {
                double d = Arrays.stream(own).average().orElseThrow() - mean;
                between += own.length * d * d;
            }
        }
        return all > 0 ? between / all : Double.NaN;
    }

    private static java.util.stream.DoubleStream finite(double[][] values) {
        return Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(Double::isFinite);
    }

    private static String place(HeadStatistic statistic, int[] at) {
        return Shown.significant(statistic.values()[at[0]][at[1]], 3) + " (layer " + at[0] + ", head " + at[1] + ")";
    }
}
