package org.headwise.analysis;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * The statistics there are. All of them together keep 10.3 MiB of sums at the Infinity-2B 1M geometry (32 layers, 16
 * heads, 13 scales, 10,521 tokens), 1.9 MiB of tables, and half a MiB of scratch
 * memory per observing thread. Those made by one call share
 * the work that they have in common. Those of
 * raster models keep 10.0 of sums at the Janus-Pro-1B geometry (24 layers, 16 heads, 24 x 24 tokens).
 */
public final class Statistics {
    /** One line per statistic of next-scale models; the order is that of tables and reports. */
    private static final List<Function<Digests, Statistic>> FACTORIES =
            List.of(ScaleHeat::new, Locality::new, Sinks::new, Dispersion::new, Selectivity::new, ColumnVariance::new);

    /** One line per statistic of raster models. */
    private static final List<Function<RasterDigests, Statistic>> RASTER_FACTORIES =
            List.of(Sparsity::new, Recency::new, Landmarks::new, Received::new, RasterDispersion::new);

    /** Those of raster models that are made only when they are named: they look at more than attention. */
    private static final List<Function<Geometry, Statistic>> OPTIONAL_FACTORIES = List.of(GuidanceDifference::new);

    private Statistics() {}

    /** A fresh one of every kind that the model's family has, but for those that must be named. */
    public static List<Statistic> all(Geometry geometry) {
        if (geometry.raster() != null) {
            RasterDigests digests = new RasterDigests(geometry);
            return RASTER_FACTORIES.stream()
                    .map(factory -> factory.apply(digests))
                    .toList();
        }
        Digests digests = new Digests(geometry);
        return FACTORIES.stream().map(factory -> factory.apply(digests)).toList();
    }

    /** Fresh ones of the kinds that are made only when they are named. */
    static List<Statistic> optional(Geometry geometry) {
        return geometry.raster() == null
                ? List.of()
                : OPTIONAL_FACTORIES.stream()
                        .map(factory -> factory.apply(geometry))
                        .toList();
    }

    /** Fresh ones of these names, in the order of {@link #all}, then the optional ones; an unknown name is refused. */
    public static List<Statistic> named(Geometry geometry, List<String> names) {
        List<Statistic> all = Stream.concat(all(geometry).stream(), optional(geometry).stream())
                .toList();
        List<String> known = all.stream().map(Statistic::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InputRefused("there is no statistic '" + name + "'; known are " + String.join(", ", known));
            }
        }
        return all.stream().filter(s -> names.contains(s.name())).toList();
    }
}
