package org.headwise.reports;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.headwise.datasets.Picture;
import org.headwise.reports.ReportData.ImagePair;
import org.headwise.reports.ReportData.LabelledPicture;

/** The same prompt and seed with the full cache and with each schedule, side by side. */
final class ImageSection {
    private static final String ID = "images";
    private static final String TITLE = "Images side by side";
    private static final int SMALLEST_SIDE = 48;

    private ImageSection() {}

    static Section of(ReportData data, DataFolder files, Detail detail) {
        List<ImagePair> pairs = data.images();
        if (pairs.isEmpty()) {
            return Section.missing(
                    ID, TITLE, "No images were kept in this run.", "headwise evaluate MODEL --schedule FILE");
        }
        List<Html> body = new ArrayList<>();
        int halvings = halvings(pairs, detail.imageBytes());
        int shown = shown(pairs, halvings, detail.imageBytes());
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
            row.add(image(pair.full(), "full cache", "", halvings, files, fileName(p, 0)));
            for (int c = 0; c < pair.compressed().size(); c++) {
                LabelledPicture picture = pair.compressed().get(c);
                row.add(image(
                        picture.picture(), picture.label(), picture.remark(), halvings, files, fileName(p, c + 1)));
            }
            if (p < shown) {
                body.add(Tag.FIGURE
                        .of(
                                Tag.FIGCAPTION.of(Html.data(Shown.shorten(pair.prompt(), 600))),
                                Tag.DIV.of(row).cls("images"))
                        .cls("pair"));
            }
        }
        return new Section(ID, TITLE, body);
    }

    private static String fileName(int pair, int column) {
        String kind = column == 0 ? "full" : "compressed-" + column;
        return String.format(Locale.ROOT, "images/%03d-%s.png", pair + 1, kind);
    }

    private static Html image(
            Picture picture, String label, String remark, int halvings, DataFolder files, String file) {
        files.add(file, picture.png());
        String source = "data:image/png;base64,"
                + Base64.getEncoder()
                        .encodeToString(Pictures.halved(picture, halvings).png());
        List<Html> words = new ArrayList<>(List.of(Tag.SPAN.of(Html.data(label)).cls("name")));
        if (!remark.isEmpty()) {
            words.add(Tag.SPAN.of(Html.data(remark)).cls("remark"));
        }
        return Tag.DIV.of(
                Tag.IMG.of().set(Attr.SRC, source).set(Attr.ALT, "image with " + Shown.label(label, 60)),
                Tag.DIV.of(words).cls("words"));
    }

    /** How often images must be halved so that those of at least four prompts fit. */
    private static int halvings(List<ImagePair> pairs, int budget) {
        List<ImagePair> first = pairs.subList(0, Math.min(4, pairs.size()));
        int halvings = 0;
        while (bytes(first, halvings) > budget && canHalve(first, halvings + 1)) {
            halvings++;
        }
        return halvings;
    }

    private static int shown(List<ImagePair> pairs, int halvings, int budget) {
        long sum = 0;
        for (int p = 0; p < pairs.size(); p++) {
            sum += bytes(pairs.subList(p, p + 1), halvings);
            if (sum > budget) {
                return p;
            }
        }
        return pairs.size();
    }

    private static boolean canHalve(List<ImagePair> pairs, int halvings) {
        return pairs.stream().allMatch(p -> Math.min(p.full().width(), p.full().height()) >> halvings >= SMALLEST_SIDE);
    }

    /** Bytes that the images take in the page, where base64 makes four of three. */
    private static long bytes(List<ImagePair> pairs, int halvings) {
        long sum = 0;
        for (ImagePair pair : pairs) {
            sum += Pictures.halved(pair.full(), halvings).png().length;
            for (LabelledPicture picture : pair.compressed()) {
                sum += Pictures.halved(picture.picture(), halvings).png().length;
            }
        }
        return sum * 4 / 3;
    }
}
