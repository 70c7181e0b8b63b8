package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How much of the attention a window of the newest tokens holds, for every size. */
final class WindowSection {
    private static final String ID = "windows";
    private static final String TITLE = "How far back heads look";

    private WindowSection() {}

    static Section of(RasterLook look, DataFolder files) {
        if (look.windows().length == 0) {
            return RasterSections.unobserved(ID, TITLE, "recency");
        }
        Html.Element lags = files.add("lags.csv", lags(look));
        int[] few = RasterCharts.sizes(look.windows().length - 1);
        Html figure = Figure.of(
                "",
                Tag.SPAN.of(
                        Html.text(
                                "Share of a query's attention on the prompt and the newest image tokens, by how many of"
                                        + " these are kept: what a window keeps of it. A row of the image has "
                                        + look.image().width()
                                        + " tokens. The attention by lag, token by token, is in "),
                        lags,
                        Html.text(".")),
                RasterCharts.windows(look)
                        .inline("Attention that a window holds by its size")
                        .cls("wide"),
                HtmlTable.of(windows(look, few)),
                files.add(
                        "windows.csv",
                        windows(look, IntStream.range(0, look.windows().length).toArray())));
        return new Section(ID, TITLE, List.of(figure));
    }

    private static Table windows(RasterLook look, int[] sizes) {
        List<Table.Column> columns =
                new ArrayList<>(List.of(Table.Column.text("tokens"), Table.Column.share("all heads")));
        look.heads().forEach(head -> columns.add(Table.Column.share(head.name())));
        List<List<Object>> rows = new ArrayList<>();
        for (int size : sizes) {
            List<Object> row = Table.row(Integer.toString(size), look.windows()[size]);
            look.heads().forEach(head -> row.add(head.windows()[size]));
            rows.add(row);
        }
        return new Table("Attention on the prompt and the newest tokens", columns, rows);
    }

    private static Table lags(RasterLook look) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.integer("lag")));
        look.heads().forEach(head -> columns.add(Table.Column.real(head.name(), "", 6)));
        List<List<Object>> rows = new ArrayList<>();
        int lags =
                look.heads().stream().mapToInt(head -> head.lags().length).max().orElse(0);
        for (int lag = 0; lag < lags; lag++) {
            int at = lag;
            List<Object> row = Table.row(lag);
            look.heads().forEach(head -> row.add(head.lags()[at]));
            rows.add(row);
        }
        return new Table("Attention by lag", columns, rows);
    }
}
