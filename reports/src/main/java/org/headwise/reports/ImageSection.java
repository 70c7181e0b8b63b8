package org.headwise.reports;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.headwise.reports.ReportData.ImagePair;

/** The same prompt and seed with the full cache and with each schedule, side by side. */
final class ImageSection {
    private static final String ID = "images";
    private static final String TITLE = "Images side by side";

    /** As many fit into a row; more are given one size, whatever is left for the last row. */
    private static final int FEW = 6;

    private ImageSection() {}

    static Section of(ReportData data, Gallery gallery, DataFolder files, Detail detail) {
        List<ImagePair> pairs = data.images();
        if (pairs.isEmpty()) {
            return Section.missing(
                    ID, TITLE, "No images were kept in this run.", "headwise evaluate MODEL --schedule FILE");
        }
        List<Html> body = new ArrayList<>();
        int halvings = gallery.halvings(detail.imageBytes());
        int shown = gallery.shown(halvings, detail.imageBytes());
        StringBuilder note = new StringBuilder("Same prompt, same seed; only the cache differs.");
        if (halvings > 0) {
            note.append(" Shown at 1/").append(1 << halvings).append(" of their size to keep this page small.");
        }
        if (shown < pairs.size()) {
            note.append(" ").append(shown).append(" of ").append(pairs.size()).append(" prompts are shown.");
        }
        body.add(Tag.P.of(note + " All images in full size lie in the folder report-data/images."));
        for (int p = 0; p < pairs.size(); p++) {
            ImagePair pair = pairs.get(p);
            List<Html> row = new ArrayList<>();
            for (int c = 0; c <= pair.compressed().size(); c++) {
                files.add(fileName(p, c), gallery.png(p, c, 0));
                if (p < shown) {
                    row.add(image(pair, c, gallery.png(p, c, halvings)));
                }
            }
            if (p < shown) {
                body.add(Tag.FIGURE
                        .of(
                                Tag.FIGCAPTION.of(Html.data(Shown.shorten(pair.prompt(), 600))),
                                Tag.DIV.of(row).cls(row.size() > FEW ? "images many" : "images"))
                        .cls("pair"));
            }
        }
        return new Section(ID, TITLE, body);
    }

    private static String fileName(int pair, int column) {
        String kind = column == 0 ? "full" : "compressed-" + column;
        return String.format(Locale.ROOT, "images/%03d-%s.png", pair + 1, kind);
    }

    private static Html image(ImagePair pair, int column, byte[] png) {
        String label =
                column == 0 ? "full cache" : pair.compressed().get(column - 1).label();
        String remark = column == 0 ? "" : pair.compressed().get(column - 1).remark();
        List<Html> words = new ArrayList<>(List.of(Tag.SPAN.of(Html.data(label)).cls("name")));
        if (!remark.isEmpty()) {
            words.add(Tag.SPAN.of(Html.data(remark)).cls("remark"));
        }
        String source = "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
        return Tag.DIV.of(
                Tag.IMG.of().set(Attr.SRC, source).set(Attr.ALT, "image with " + Shown.label(label, 60)),
                Tag.DIV.of(words).cls("words"));
    }
}
