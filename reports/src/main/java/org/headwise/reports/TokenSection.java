package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.headwise.reports.RasterLook.HeadLook;
import org.headwise.reports.RasterLook.TokenLook;

/** Attention over the image grid of a few single tokens: the most spatial and the most semantic heads. */
final class TokenSection {
    static final String ID = "token-maps";
    private static final String TITLE = "Where single tokens look";
    private static final int MOST_TOKENS = 6;

    private TokenSection() {}

    static Section of(RasterLook look, long prompts, DataFolder files) {
        if (look.heads().isEmpty() || look.heads().getFirst().tokens().isEmpty()) {
            return RasterSections.unobserved(ID, TITLE, "token-maps");
        }
        int tokens = look.heads().getFirst().tokens().size();
        String some = tokens > MOST_TOKENS ? " Of " + tokens + " chosen tokens " + MOST_TOKENS + " are drawn." : "";
        List<Html> body = new ArrayList<>();
        body.add(
                Tag.P.of("Attention of single tokens over the image so far, mean over the images of " + prompts(prompts)
                        + ". The framed token is the one that is read, to make the next; those after it are not yet made and"
                        + " left empty. What is missing from 100% goes to the prompt; its share is given above each map."
                        + " Colours go by powers of ten, the same in all maps and in those by offset." + some));
        body.add(Tag.DIV
                .of(RasterCharts.shares().inline("The colours of the maps"))
                .cls("chart map"));
        for (HeadLook head : look.heads()) {
            body.add(Tag.H4.of("Layer " + head.layer() + ", head " + head.head() + ": " + head.kind() + ", sparsity "
                    + Shown.number(head.score(), 3)));
            List<Html> maps = new ArrayList<>();
            Thinned.of(head.tokens(), MOST_TOKENS).forEach(token -> maps.add(map(look, head, token)));
            body.add(Tag.DIV.of(maps).cls("tokens"));
        }
        body.add(Figure.numbers("Numbers", HtmlTable.of(summary(look)), files.add("token-maps.csv", table(look))));
        return new Section(ID, TITLE, body);
    }

    private static String prompts(long prompts) {
        return prompts + (prompts == 1 ? " prompt" : " prompts");
    }

    private static Html map(RasterLook look, HeadLook head, TokenLook token) {
        int row = token.token() / look.image().width();
        int column = token.token() % look.image().width();
        return Tag.FIGURE.of(
                Tag.FIGCAPTION.of(
                        Html.text("Row " + row + ", column " + column),
                        Tag.SPAN.of("prompt " + Shown.percent(token.prompt())).cls("remark")),
                RasterCharts.token(look.image(), token)
                        .inline("Attention over the image of the token in row " + row + ", column " + column + ", "
                                + head.name()));
    }

    /** What every map is about. */
    private static Table summary(RasterLook look) {
        int width = look.image().width();
        List<List<Object>> rows = new ArrayList<>();
        for (HeadLook head : look.heads()) {
            for (TokenLook token : head.tokens()) {
                int best = 0;
                for (int key = 1; key < token.mass().length; key++) {
                    best = token.mass()[key] > token.mass()[best] ? key : best;
                }
                rows.add(Table.row(
                        head.layer(),
                        head.head(),
                        head.kind(),
                        token.token() / width,
                        token.token() % width,
                        token.prompt(),
                        token.mass()[token.token()],
                        String.format(Locale.ROOT, "%d, %d", best / width, best % width),
                        token.mass()[best]));
            }
        }
        return new Table(
                "Single tokens of the heads at the extremes",
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("head"),
                        Table.Column.text("kind"),
                        Table.Column.integer("row"),
                        Table.Column.integer("column"),
                        Table.Column.share("on the prompt"),
                        Table.Column.share("on itself"),
                        Table.Column.text("image token looked at most: row, column"),
                        Table.Column.share("on it")),
                rows);
    }

    private static Table table(RasterLook look) {
        int width = look.image().width();
        List<List<Object>> rows = new ArrayList<>();
        for (HeadLook head : look.heads()) {
            for (TokenLook token : head.tokens()) {
                for (int key = 0; key < token.mass().length; key++) {
                    rows.add(Table.row(
                            head.layer(),
                            head.head(),
                            head.kind(),
                            token.token() / width,
                            token.token() % width,
                            key / width,
                            key % width,
                            token.mass()[key]));
                }
            }
        }
        return new Table(
                "Attention of single tokens over the image",
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("head"),
                        Table.Column.text("kind"),
                        Table.Column.integer("row"),
                        Table.Column.integer("column"),
                        Table.Column.integer("row looked at"),
                        Table.Column.integer("column looked at"),
                        Table.Column.real("share of attention", "", 6)),
                rows);
    }
}
