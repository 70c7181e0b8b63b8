package org.headwise.reports;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What is costly to draw and the same in every {@link Detail}.
 *
 * @param statistics the heat maps, in the order of {@link ReportData#mapped()}
 * @param thumbnails the scale heat of every head as base64 of a PNG, [layers * heads]; empty when there is none
 */
record Drawings(List<Svg> statistics, List<String> thumbnails, Gallery gallery) {
    static Drawings of(ReportData data) {
        List<String> thumbnails = new ArrayList<>();
        data.scaleHeat().ifPresent(heat -> {
            double high = HeadDetails.brightest(heat);
            for (double[][] mass : heat.mass()) {
                byte[] png = Thumbnail.png(Charts.causal(mass), 0, high);
                thumbnails.add(Base64.getEncoder().encodeToString(png));
            }
        });
        return new Drawings(data.mapped().stream().map(Charts::heads).toList(), thumbnails, new Gallery(data.images()));
    }
}
