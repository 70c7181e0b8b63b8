package org.headwise.analysis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * The statistics there are; those made by one call share the work that they have in common. All of them together keep
 * 10.2 MiB of sums at the Infinity-2B 1M geometry (32 layers, 16 heads, 13 scales, 10,521 tokens), 0.1 MiB of tables, and
 * a third of a MiB of scratch memory per observing thread. Those of raster models keep 30.9 MiB of sums at the Janus-Pro-1B
 * geometry (24 layers, 16 heads, 24 x 24 tokens).
 */
public final class Statistics {
    /** One line per statistic of next-scale models; the order is that of tables and reports. */
    private static final List<Function<Digests, Statistic>> FACTORIES =
            List.of(ScaleHeat::new, Locality::new, Sinks::new, Dispersion::new, Selectivity::new, ColumnVariance::new);

    /** One line per statistic of raster models. */
    private static final List<BiFunction<RasterDigests, Map<String, String>, Statistic>> RASTER_FACTORIES = List.of(
            (digests, _) -> new Sparsity(digests),
            (digests, _) -> new Recency(digests),
            (digests, _) -> new Landmarks(digests),
            (digests, _) -> new Received(digests),
            (digests, _) -> new RasterDispersion(digests),
            TokenMaps::of);

    /** Those of raster models that are made only when they are named: they look at more than attention. */
    private static final List<Function<Geometry, Statistic>> OPTIONAL_FACTORIES = List.of(GuidanceDifference::new);

    private Statistics() {}

    /** A fresh one of every kind that the model's family has, but for those that must be named. */
    public static List<Statistic> all(Geometry geometry) {
        return all(geometry, Map.of());
    }

    /**
     * The same with other settings than the usual ones, as {@link Statistic#settings} names them; what is none of a
     * statistic's settings is passed over.
     */
    public static List<Statistic> all(Geometry geometry, Map<String, String> settings) {
        if (geometry.raster() != null) {
            RasterDigests digests = new RasterDigests(geometry);
            return RASTER_FACTORIES.stream()
                    .map(factory -> factory.apply(digests, settings))
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
        return named(geometry, names, Map.of());
    }

    /** The same with other settings than the usual ones, as in {@link #all(Geometry, Map)}. */
    public static List<Statistic> named(Geometry geometry, List<String> names, Map<String, String> settings) {
        List<Statistic> all = Stream.concat(all(geometry, settings).stream(), optional(geometry).stream())
                .toList();
        List<String> known = all.stream().map(Statistic::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InputRefused("there is no statistic '" + name + "'; known are " + String.join(", ", known));
            }
        }
        return all.stream().filter(s -> names.contains(s.name())).toList();
    }

    /** Fresh ones of the same kinds and settings. */
    static List<Statistic> like(Geometry geometry, List<Statistic> statistics) {
        Map<String, String> settings = new TreeMap<>();
        statistics.forEach(statistic -> settings.putAll(statistic.settings()));
        return named(geometry, statistics.stream().map(Statistic::name).toList(), settings);
    }
}
