package org.headwise.reports;

import java.util.List;

/** The sections that only raster models have, in place of those about scales. */
final class RasterSections {
    private static final String COMMAND = "headwise calibrate MODEL --prompts FILE --out RUN";

    private RasterSections() {}

    static List<Section> of(ReportData data, DataFolder files) {
        if (data.raster().isEmpty()) {
            return List.of(Section.missing(
                    HeadClassSection.ID,
                    HeadClassSection.TITLE,
                    "SSD's sparsity was not observed in this run.",
                    COMMAND));
        }
        RasterLook look = data.raster().get();
        return List.of(
                HeadClassSection.of(look, files),
                OffsetSection.of(look, files),
                TokenSection.of(look, data.run().prompts(), files),
                ReceivedSection.of(look, files),
                WindowSection.of(look, files));
    }

    /** A part for which a statistic is missing that the run could have observed. */
    static Section unobserved(String id, String title, String statistic) {
        return Section.missing(id, title, "The statistic " + statistic + " was not observed in this run.", COMMAND);
    }
}
