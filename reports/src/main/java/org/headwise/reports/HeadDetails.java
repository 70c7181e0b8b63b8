package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.reports.ReportData.HeadStatistic;
import org.headwise.reports.ReportData.ScaleHeat;

/** Layer by layer, folded: a row per head with its numbers and its small scale heat map. */
final class HeadDetails {
    private HeadDetails() {}

    static String anchor(int layer, int head) {
        return "h" + layer + "-" + head;
    }

    static Html of(ReportData data, List<String> thumbnails, Detail detail) {
        List<Html> layers = new ArrayList<>();
        for (int layer = 0; layer < data.run().geometry().layers(); layer++) {
            layers.add(layer(data, thumbnails, detail, layer));
        }
        return Tag.DIV.of(layers).cls("layers");
    }

    private static Html layer(ReportData data, List<String> thumbnails, Detail detail, int layer) {
        boolean maps = detail.headMaps() && data.scaleHeat().isPresent();
        List<Html> headings = new ArrayList<>(List.of(Tag.TH.of("head")));
        if (maps) {
            headings.add(Tag.TH.of("scale heat map").cls("t"));
        }
        for (HeadStatistic s : data.mapped()) {
            headings.add(Tag.TH.of(Html.data(Charts.withUnit(s.fullName(), s.unit()))));
        }
        List<Html> rows = new ArrayList<>();
        for (int head = 0; head < data.run().geometry().heads(); head++) {
            List<Html> cells = new ArrayList<>(List.of(Tag.TH.of(Integer.toString(head))));
            if (maps) {
                cells.add(map(data.scaleHeat().get(), thumbnails, layer, head, detail));
            }
            for (HeadStatistic s : data.mapped()) {
                cells.add(Tag.TD.of(Shown.number(s.values()[layer][head], decimals(s.values()))));
            }
            rows.add(Tag.TR.of(cells).id(anchor(layer, head)));
        }
        Html table = Tag.DIV
                .of(Tag.TABLE.of(Tag.THEAD.of(Tag.TR.of(headings)), Tag.TBODY.of(rows)))
                .cls("scroll");
        return Tag.DETAILS.of(Tag.SUMMARY.of("Layer " + layer), table).id("layer-" + layer);
    }

    private static Html map(ScaleHeat heat, List<String> thumbnails, int layer, int head, Detail detail) {
        String source = "data:image/png;base64," + thumbnails.get(layer * heat.heads() + head);
        Html.Element image = Tag.IMG
                .of()
                .cls("mini")
                .set(Attr.SRC, source)
                .set(Attr.ALT, "scale heat of layer " + layer + ", head " + head);
        if (!detail.mapNumbers()) {
            return Tag.TD.of(image).cls("t");
        }
        return Tag.TD
                .of(Tag.DETAILS.of(Tag.SUMMARY.of(image), Tag.PRE.of(percentages(heat.of(layer, head)))))
                .cls("t");
    }

    /** The map in whole percent: a line per source scale, a column per target scale. */
    private static String percentages(double[][] mass) {
        StringBuilder out = new StringBuilder();
        for (int source = 0; source < mass.length; source++) {
            for (int target = 0; target < mass.length; target++) {
                String cell = target < source ? "" : Shown.number(mass[source][target] * 100, 0);
                out.append(target == 0 ? "" : " ")
                        .append(" ".repeat(Math.max(0, 3 - cell.length())))
                        .append(cell);
            }
            out.append('\n');
        }
        return out.toString();
    }

    static Table table(ReportData data) {
        List<Table.Column> columns =
                new ArrayList<>(List.of(Table.Column.integer("layer"), Table.Column.integer("head")));
        data.statistics().forEach(s -> columns.add(Table.Column.real(s.fullName(), s.unit(), decimals(s.values()))));
        List<List<Object>> rows = new ArrayList<>();
        for (int l = 0; l < data.run().geometry().layers(); l++) {
            for (int h = 0; h < data.run().geometry().heads(); h++) {
                List<Object> row = Table.row(l, h);
                for (HeadStatistic s : data.statistics()) {
                    row.add(s.values()[l][h]);
                }
                rows.add(row);
            }
        }
        return new Table("Statistics of every head", columns, rows);
    }

    /** Decimals that show three digits of the largest value. */
    static int decimals(double[][] values) {
        double most = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(1);
        return most <= 0 ? 0 : Math.clamp((int) Math.ceil(2 - Math.log10(most)), 0, 6);
    }

    static double brightest(ScaleHeat heat) {
        return Arrays.stream(heat.mass())
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
    }
}
