package org.headwise.reports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.headwise.datasets.Picture;
import org.headwise.reports.ReportData.ImagePair;
import org.headwise.reports.ReportData.LabelledPicture;

/** The images of a report as PNG files in several sizes, each encoded once. */
final class Gallery {
    private static final int SMALLEST_SIDE = 48;

    private record Size(int row, int column, int halvings) {}

    private final List<List<Picture>> rows = new ArrayList<>();
    private final Map<Size, byte[]> encoded = new HashMap<>();

    Gallery(List<ImagePair> pairs) {
        for (ImagePair pair : pairs) {
            List<Picture> row = new ArrayList<>(List.of(pair.full()));
            pair.compressed().stream().map(LabelledPicture::picture).forEach(row::add);
            rows.add(row);
        }
    }

    /** The picture of a prompt; column 0 is the full cache. Both sides are halved so often. */
    byte[] png(int row, int column, int halvings) {
        return encoded.computeIfAbsent(
                new Size(row, column, halvings),
                size -> Pictures.halved(rows.get(row).get(column), halvings).png());
    }

    /** How often images must be halved so that those of the first four prompts fit into so many bytes of a page. */
    int halvings(long budget) {
        int halvings = 0;
        while (bytes(0, Math.min(4, rows.size()), halvings) > budget && canHalve(halvings + 1)) {
            halvings++;
        }
        return halvings;
    }

    /** How many prompts have room in so many bytes. */
    int shown(int halvings, long budget) {
        int shown = 0;
        while (shown < rows.size() && bytes(0, shown + 1, halvings) <= budget) {
            shown++;
        }
        return shown;
    }

    private boolean canHalve(int halvings) {
        return rows.stream()
                .map(List::getFirst)
                .allMatch(p -> Math.min(p.width(), p.height()) >> halvings >= SMALLEST_SIDE);
    }

    /** Base64 makes four bytes of three. */
    private long bytes(int from, int to, int halvings) {
        long sum = 0;
        for (int row = from; row < to; row++) {
            for (int column = 0; column < rows.get(row).size(); column++) {
                sum += png(row, column, halvings).length;
            }
        }
        return sum * 4 / 3;
    }
}
