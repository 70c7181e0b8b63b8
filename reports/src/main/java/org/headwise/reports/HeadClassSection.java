package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headwise.reports.RasterLook.Classes;

/** SSD's sparsity on the map of layers by heads, with the heads that schedules take for semantic. */
final class HeadClassSection {
    static final String ID = "head-classes";
    static final String TITLE = "Spatial and semantic heads";

    private HeadClassSection() {}

    static Section of(RasterLook look, DataFolder files) {
        Table table = table(look);
        Html.Element csv = files.add("head-classes.csv", table);
        List<Html> body = new ArrayList<>();
        body.add(Tag.P.of(
                "SSD's sparsity of a head is the share of its attention that goes outside the neighbourhood of the"
                        + " token being made: here up to " + look.near().rows() + " row above and "
                        + look.near().columns()
                        + " column to either side, in conditional rows, with the prompt outside."
                        + " Heads low on it are spatial, those high on it semantic. SSD gives a window of the newest"
                        + " tokens to spatial heads, and the tokens looked at most to semantic ones. A head that looks"
                        + " back a fixed few tokens counts as semantic if these lie outside the neighbourhood, though a"
                        + " short window would hold them."));
        List<Html> figures = new ArrayList<>();
        for (Classes classes : shown(look)) {
            figures.add(Tag.FIGURE.of(
                    Tag.FIGCAPTION.of(Html.data(sentence(classes))),
                    Tag.DIV
                            .of(RasterCharts.classes(look, classes)
                                    .inline("Map of the sparsity by layer and head, semantic heads marked"))
                            .cls("chart map")));
        }
        body.add(Tag.DIV.of(figures).cls("grid"));
        body.add(Figure.numbers("Numbers", HtmlTable.of(extremes(look)), csv));
        return new Section(ID, TITLE, body);
    }

    /** Without a schedule of SSD the map alone. */
    private static List<Classes> shown(RasterLook look) {
        return look.classes().isEmpty()
                ? List.of(new Classes(List.of(), new boolean[look.score().length][look.score()[0].length]))
                : look.classes();
    }

    private static String sentence(Classes classes) {
        if (classes.schedules().isEmpty()) {
            return "The sparsity of every head; no schedule of ssd is among the sources of this report.";
        }
        long semantic = Arrays.stream(classes.semantic())
                .mapToLong(row ->
                        IntStream.range(0, row.length).filter(head -> row[head]).count())
                .sum();
        long all = (long) classes.semantic().length * classes.semantic()[0].length;
        return "Dots mark the " + semantic + " of " + all + " heads that are semantic in "
                + String.join(", ", classes.schedules()) + ".";
    }

    /** Every head by its score. */
    private static Table table(RasterLook look) {
        List<Table.Column> columns = new ArrayList<>(List.of(
                Table.Column.integer("layer"), Table.Column.integer("head"), Table.Column.real("sparsity", "", 4)));
        look.classes()
                .forEach(classes ->
                        columns.add(Table.Column.text("class in " + String.join(", ", classes.schedules()))));
        int heads = look.score()[0].length;
        List<List<Object>> rows = new ArrayList<>();
        IntStream.range(0, look.score().length * heads)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> look.score()[i / heads][i % heads]))
                .forEach(i -> {
                    List<Object> row = Table.row(i / heads, i % heads, look.score()[i / heads][i % heads]);
                    look.classes()
                            .forEach(classes ->
                                    row.add(classes.semantic()[i / heads][i % heads] ? "semantic" : "spatial"));
                    rows.add(row);
                });
        return new Table("Heads from the most spatial to the most semantic", columns, rows);
    }

    private static Table extremes(RasterLook look) {
        Table all = table(look);
        return new Table(all.title(), all.columns(), Thinned.of(all.rows(), 64));
    }
}
