package org.headwise.workbench;

import java.util.List;
import java.util.Map;
import org.headwise.analysis.Statistic;
import org.headwise.analysis.Statistics;
import org.headwise.analysis.TokenMaps;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import picocli.CommandLine.Option;

/** What a calibration observes. */
final class StatisticOptions {
    @Option(
            names = "--observe",
            paramLabel = "LIST",
            split = ",",
            description = "only these statistics (default: all); next-scale models: scale-heat, locality, sinks,"
                    + " dispersion, selectivity, column-variance; raster models: sparsity, recency, landmarks, received,"
                    + " dispersion, token-maps, and, only when named, guidance-difference")
    List<String> names = List.of();

    @Option(
            names = "--map-tokens",
            paramLabel = "ROW:COLUMN,...",
            description = "image tokens of a raster model whose attention over the image token-maps keeps, rows and"
                    + " columns counted from 0 (default: five that are spread over the image)")
    String mapTokens;

    /** Fresh statistics for a model. */
    List<Statistic> of(Geometry geometry) {
        if (mapTokens != null && mapTokens.isBlank()) {
            throw new InputRefused("--map-tokens names no token; name some as ROW:COLUMN, or leave it out");
        }
        Map<String, String> settings = mapTokens == null ? Map.of() : Map.of(TokenMaps.TOKENS, mapTokens);
        List<Statistic> observed =
                names.isEmpty() ? Statistics.all(geometry, settings) : Statistics.named(geometry, names, settings);
        if (mapTokens != null && observed.stream().noneMatch(TokenMaps.class::isInstance)) {
            throw new InputRefused(
                    geometry.raster() == null
                            ? "--map-tokens chooses tokens of a raster, but " + geometry.family()
                                    + " makes its image scale by scale; leave it out"
                            : "--map-tokens needs the statistic token-maps, but --observe names only "
                                    + String.join(", ", names) + "; add token-maps, or leave --map-tokens out");
        }
        return observed;
    }
}
