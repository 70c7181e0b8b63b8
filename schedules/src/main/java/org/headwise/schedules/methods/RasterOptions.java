package org.headwise.schedules.methods;

import java.util.Map;
import org.headwise.model.Geometry;
import org.headwise.schedules.Option;

/** The options that only raster models have. */
final class RasterOptions {
    static final String PROMPT = "prompt";
    static final String REFRESH = "refresh";

    /** What becomes of the prompt. */
    enum Prompt {
        /** It stays, on top of the budget. */
        KEPT,
        /** Its tokens count like those of the image, and may go. */
        COMPETING
    }

    static final String ROWS = "rows";

    /** How the guidance rows of an image choose. */
    enum Rows {
        /** Each for itself. */
        SINGLE,
        /** Both together. */
        PAIRED
    }

    private RasterOptions() {}

    static Option rows() {
        return new Option(
                ROWS, "raster: guidance rows choose each for itself (single), or together (paired)", "single");
    }

    static boolean paired(Settings settings) {
        return settings.constant(ROWS, Rows.values()) == Rows.PAIRED;
    }

    static Option prompt(Prompt standard) {
        return new Option(PROMPT, "raster: kept on top of the budget, or competing within it", Settings.text(standard));
    }

    static Option refresh() {
        return new Option(
                REFRESH,
                "raster: choose anew after every token, row, or so many tokens; what is made in between counts",
                "token");
    }

    static boolean promptKept(Settings settings) {
        return settings.constant(PROMPT, Prompt.values()) == Prompt.KEPT;
    }

    /** After how many image tokens the choice is made anew. */
    static int refresh(Settings settings, Geometry geometry) {
        return switch (settings.values().get(REFRESH)) {
            case "token" -> 1;
            case "row" -> geometry.raster().width();
            default -> {
                if (!settings.values().get(REFRESH).matches("\\d{1,9}")) {
                    throw settings.refused(REFRESH, "token, row or a whole number of tokens");
                }
                yield settings.whole(REFRESH, 1, geometry.raster().tokens());
            }
        };
    }

    /** Refuses options that were set for a kind of model that has no use for them. */
    static void unused(Settings settings, Map<String, String> given, Geometry geometry, String... names) {
        for (String name : names) {
            if (given.containsKey(name)) {
                throw settings.refused(
                        name,
                        "it not to be set: it is not for "
                                + (geometry.raster() == null ? "next-scale" : "raster") + " models like "
                                + geometry.family());
            }
        }
    }
}
