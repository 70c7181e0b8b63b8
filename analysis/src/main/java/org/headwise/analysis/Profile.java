package org.headwise.analysis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;

/** The statistics of one calibration run, with geometry and provenance; the sums of every prompt can be had as well. */
public final class Profile {
    private final Geometry geometry;
    private final Provenance provenance;
    private final List<String> prompts;
    private final IntFunction<Map<String, Sums>> perPrompt;
    private final Map<Class<?>, Statistic> statistics = new LinkedHashMap<>();

    private Profile(
            Geometry geometry,
            Provenance provenance,
            List<String> prompts,
            Map<String, Sums> merged,
            IntFunction<Map<String, Sums>> perPrompt) {
        this.geometry = geometry;
        this.provenance = provenance;
        this.prompts = List.copyOf(prompts);
        this.perPrompt = perPrompt;
        for (Statistic statistic : load(geometry, merged)) {
            statistics.put(statistic.getClass(), statistic);
        }
    }

    /**
     * A profile of sums that are at hand.
     *
     * @param prompts the prompts that were run, in order
     * @param merged sums of all prompts by the name of their statistic
     * @param perPrompt sums of one prompt, by its index in {@code prompts}
     * @throws InputRefused if there is a statistic of unknown name, or sums that do not fit the geometry
     */
    public static Profile of(
            Geometry geometry,
            Provenance provenance,
            List<String> prompts,
            Map<String, Sums> merged,
            IntFunction<Map<String, Sums>> perPrompt) {
        return new Profile(geometry, provenance, prompts, merged, perPrompt);
    }

    private static List<Statistic> load(Geometry geometry, Map<String, Sums> sums) {
        List<Statistic> loaded = Statistics.named(geometry, List.copyOf(new TreeSet<>(sums.keySet())));
        for (Statistic statistic : loaded) {
            try {
                statistic.sums().add(sums.get(statistic.name()));
            } catch (IllegalArgumentException e) {
                throw new InputRefused("the sums of " + statistic.name() + " do not fit the geometry "
                        + geometry.describe() + ": " + e.getMessage());
            }
        }
        return loaded;
    }

    public Geometry geometry() {
        return geometry;
    }

    public Provenance provenance() {
        return provenance;
    }

    public List<String> prompts() {
        return prompts;
    }

    /** The statistics that were calibrated, in the order of {@link Statistics#all}. */
    public List<Statistic> statistics() {
        return List.copyOf(statistics.values());
    }

    /** One statistic; refused with what was calibrated if this one was not. */
    public <T extends Statistic> T statistic(Class<T> type) {
        Statistic found = statistics.get(type);
        if (found == null) {
            List<String> names =
                    statistics.values().stream().map(Statistic::name).toList();
            throw new InputRefused("this run was calibrated without " + type.getSimpleName() + "; it has "
                    + (names.isEmpty() ? "no statistic" : String.join(", ", names)) + "; calibrate again with it");
        }
        return type.cast(found);
    }

    /**
     * The profile that a run over these prompts alone would have given; for resampling an index may come twice.
     *
     * @param promptIndices indices into {@link #prompts()}, at least one
     */
    public Profile subset(int... promptIndices) {
        if (promptIndices.length == 0) {
            throw new IllegalArgumentException("a profile needs at least one prompt");
        }
        Map<String, Sums> merged = null;
        for (int index : promptIndices) {
            List<Statistic> one = load(geometry, perPrompt.apply(index));
            if (merged == null) {
                merged = new LinkedHashMap<>();
                for (Statistic statistic : one) {
                    merged.put(statistic.name(), statistic.sums());
                }
            } else {
                for (Statistic statistic : one) {
                    merged.get(statistic.name()).add(statistic.sums());
                }
            }
        }
        return new Profile(
                geometry,
                provenance,
                IntStream.of(promptIndices).mapToObj(prompts::get).toList(),
                merged,
                i -> perPrompt.apply(promptIndices[i]));
    }

    /**
     * Numbers of a statistic prompt by prompt.
     *
     * @return [prompts][whatever {@code numbers} gives]
     */
    public <T extends Statistic> double[][] byPrompt(Class<T> type, Function<T, double[]> numbers) {
        String name = statistic(type).name();
        double[][] values = new double[prompts.size()][];
        for (int p = 0; p < values.length; p++) {
            Sums sums = perPrompt.apply(p).get(name);
            if (sums == null) {
                throw new InputRefused("prompt " + p + " has no sums of " + name);
            }
            values[p] =
                    numbers.apply(type.cast(load(geometry, Map.of(name, sums)).getFirst()));
        }
        return values;
    }

    /** One column prompt by prompt: [prompts][layers * heads]. */
    public double[][] byPrompt(Statistic statistic, String column) {
        return byPrompt(statistic.getClass(), s -> column(s, column).values());
    }

    private static Column column(Statistic statistic, String name) {
        return statistic.columns().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputRefused("statistic " + statistic.name() + " has no column '" + name
                        + "'; it has "
                        + String.join(
                                ", ",
                                statistic.columns().stream().map(Column::name).toList())));
    }
}
