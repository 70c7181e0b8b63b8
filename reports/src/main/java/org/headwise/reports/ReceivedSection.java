package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headwise.reports.RasterLook.HeadLook;

/** Which tokens of the image receive the attention: heavy hitters and margins. */
final class ReceivedSection {
    private static final String ID = "received";
    private static final String TITLE = "Which tokens of the image are looked at";
    private static final int MOST_LAYERS = 8;

    private ReceivedSection() {}

    static Section of(RasterLook look, DataFolder files) {
        if (look.received().length == 0) {
            return RasterSections.unobserved(ID, TITLE, "received");
        }
        double[] range = range(look);
        List<Html> body = new ArrayList<>();
        body.add(Tag.P.of(
                "Attention that each token receives from all queries of an image, mean over images; 1 is the whole"
                        + " attention of one query. By this sum ssd and h2o choose what to keep. Early tokens are seen by more"
                        + " queries than late ones. Colours go by powers of ten, the same in all maps; the last token is never"
                        + " read."));
        body.add(Tag.H3.of("By layer, mean over heads"));
        List<Html> layers = new ArrayList<>();
        for (int layer : Thinned.indices(look.received().length, MOST_LAYERS)) {
            layers.add(map(look, "layer " + layer, look.received()[layer], range));
        }
        body.add(Tag.DIV.of(layers).cls("row"));
        body.add(Tag.H3.of("Heads at the extremes"));
        List<Html> heads = new ArrayList<>();
        for (HeadLook head : look.heads()) {
            heads.add(map(look, head.name() + ", " + head.kind(), head.received(), range));
        }
        body.add(Tag.DIV.of(heads).cls("row"));
        body.add(Figure.numbers("Numbers", HtmlTable.of(heaviest(look)), files.add("received.csv", table(look))));
        if (!look.landmarks().isEmpty()) {
            Table places = landmarks(look);
            body.add(Figure.of(
                    "Prompt and margins",
                    Html.text(
                            "Share of attention on places that stand out, by the row of the image that a query makes a"
                                    + " token of, mean over all heads. Places overlap: the image start is a token of the prompt."),
                    RasterCharts.landmarks(look.landmarks())
                            .inline("Attention on the prompt and the margins by row")
                            .cls("wide"),
                    places,
                    files.add("landmarks.csv", places)));
        }
        return new Section(ID, TITLE, body);
    }

    private static Html map(RasterLook look, String name, double[] received, double[] range) {
        return Tag.FIGURE.of(
                Tag.FIGCAPTION.of(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1)),
                RasterCharts.received(look.image(), received, range[0], range[1])
                        .inline("Attention that image tokens receive, " + name));
    }

    /** The largest number of all maps, and a thousandth of it: what is less is as good as nothing. */
    private static double[] range(RasterLook look) {
        double most = Stream.concat(
                        Arrays.stream(look.received()), look.heads().stream().map(HeadLook::received))
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        double high = most > 0 ? most : 1;
        return new double[] {high / 1000, high};
    }

    /** The token of every layer that receives most. */
    private static Table heaviest(RasterLook look) {
        int width = look.image().width();
        List<List<Object>> rows = new ArrayList<>();
        for (int layer = 0; layer < look.received().length; layer++) {
            double[] received = look.received()[layer];
            int best = IntStream.range(0, received.length)
                    .reduce((a, b) -> received[b] > received[a] ? b : a)
                    .orElse(0);
            double all = Arrays.stream(received).sum();
            rows.add(Table.row(
                    layer,
                    best / width,
                    best % width,
                    received[best],
                    received[best] / all,
                    column(received, width, 0) / all,
                    column(received, width, width - 1) / all));
        }
        return new Table(
                "Where the attention on the image goes, by layer",
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("row of the heaviest token"),
                        Table.Column.integer("its column"),
                        Table.Column.real("it receives", "queries", 2),
                        Table.Column.share("of all on the image"),
                        Table.Column.share("first column"),
                        Table.Column.share("last column")),
                rows);
    }

    private static double column(double[] received, int width, int column) {
        return IntStream.range(0, received.length)
                .filter(token -> token % width == column)
                .mapToDouble(token -> received[token])
                .sum();
    }

    private static Table table(RasterLook look) {
        int width = look.image().width();
        List<Table.Column> columns =
                new ArrayList<>(List.of(Table.Column.integer("row"), Table.Column.integer("column")));
        for (int layer = 0; layer < look.received().length; layer++) {
            columns.add(Table.Column.real("layer " + layer, "queries", 4));
        }
        look.heads().forEach(head -> columns.add(Table.Column.real(head.name(), "queries", 4)));
        List<List<Object>> rows = new ArrayList<>();
        for (int token = 0; token < look.image().tokens(); token++) {
            List<Object> row = Table.row(token / width, token % width);
            for (double[] layer : look.received()) {
                row.add(layer[token]);
            }
            for (HeadLook head : look.heads()) {
                row.add(head.received()[token]);
            }
            rows.add(row);
        }
        return new Table("Attention that image tokens receive", columns, rows);
    }

    private static Table landmarks(RasterLook look) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text("row")));
        look.landmarks().forEach(place -> columns.add(Table.Column.share(place.name())));
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < look.image().height(); row++) {
            int at = row;
            List<Object> cells = Table.row(Integer.toString(row));
            look.landmarks().forEach(place -> cells.add(place.byRow()[at]));
            rows.add(cells);
        }
        return new Table("Attention on the prompt and the margins by row", columns, rows);
    }
}
