package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.headwise.reports.RasterLook.HeadLook;

/** Attention by offset on the image: the most spatial and the most semantic heads. */
final class OffsetSection {
    private static final String ID = "offsets";
    private static final String TITLE = "Where heads look around a token";

    private OffsetSection() {}

    static Section of(RasterLook look, DataFolder files) {
        List<Html> body = new ArrayList<>();
        body.add(
                Tag.P.of(
                        "Mean attention of a query by the offset of the token looked at. The dot is the token being"
                                + " made, the frame around it the neighbourhood of the score; rows above lie above. Colours go by powers"
                                + " of ten, the same in all maps. The prompt is no part of the image; its share is given above each map."));
        body.add(Tag.H3.of("The most spatial heads"));
        body.add(maps(look, false));
        body.add(Tag.H3.of("The most semantic heads"));
        body.add(maps(look, true));
        body.add(Figure.numbers("Numbers", HtmlTable.of(summary(look)), files.add("offsets.csv", table(look))));
        return new Section(ID, TITLE, body);
    }

    private static Html maps(RasterLook look, boolean semantic) {
        List<Html> figures = new ArrayList<>();
        for (HeadLook head : look.heads()) {
            if (head.semantic() == semantic) {
                figures.add(Tag.FIGURE.of(
                        Tag.FIGCAPTION.of("Layer " + head.layer() + ", head " + head.head() + ": sparsity "
                                + Shown.number(head.score(), 3) + ", prompt " + Shown.percent(head.prompt())),
                        Tag.DIV
                                .of(RasterCharts.offsets(look, head).inline("Attention by offset of " + head.name()))
                                .cls("chart map")));
            }
        }
        return Tag.DIV.of(figures).cls("grid");
    }

    /** The offsets of a head with the most mass. */
    private static Table summary(RasterLook look) {
        List<List<Object>> rows = new ArrayList<>();
        for (HeadLook head : look.heads()) {
            int[] best = {0, 0};
            for (int up = 0; up < head.offsets().length; up++) {
                for (int i = 0; i < head.offsets()[up].length; i++) {
                    best = head.offsets()[up][i] > head.offsets()[best[0]][best[1]] ? new int[] {up, i} : best;
                }
            }
            int right = best[1] - head.offsets()[0].length / 2;
            rows.add(Table.row(
                    head.layer(),
                    head.head(),
                    head.kind(),
                    head.score(),
                    head.prompt(),
                    String.format(Locale.ROOT, "%d up, %d right", best[0], right),
                    head.offsets()[best[0]][best[1]]));
        }
        return new Table(
                "Heads at the extremes",
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("head"),
                        Table.Column.text("kind"),
                        Table.Column.real("sparsity", "", 3),
                        Table.Column.share("on the prompt"),
                        Table.Column.text("offset looked at most"),
                        Table.Column.share("on it")),
                rows);
    }

    private static Table table(RasterLook look) {
        List<List<Object>> rows = new ArrayList<>();
        for (HeadLook head : look.heads()) {
            int middle = head.offsets()[0].length / 2;
            for (int up = 0; up < head.offsets().length; up++) {
                for (int i = 0; i < (up == 0 ? middle : head.offsets()[up].length); i++) {
                    rows.add(Table.row(head.layer(), head.head(), head.kind(), up, i - middle, head.offsets()[up][i]));
                }
            }
        }
        return new Table(
                "Attention by offset",
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("head"),
                        Table.Column.text("kind"),
                        Table.Column.integer("rows up"),
                        Table.Column.integer("columns to the right"),
                        Table.Column.real("share of attention", "", 6)),
                rows);
    }
}
