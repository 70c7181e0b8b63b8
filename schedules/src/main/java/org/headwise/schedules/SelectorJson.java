package org.headwise.schedules;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Selectors in a schedule file: an object with the field {@code by} and the selector's own parameters. */
final class SelectorJson {
    private static final String RECENT = "recent";
    private static final String CHANCE = "chance";
    private static final String OBSERVED = "observed_attention";
    private static final String HEAVY = "heavy_hitters";
    private static final String SAMPLED = "sampled_attention";
    private static final String RELEASED = "scalekv_released";
    private static final String TRAITS = "as_released";

    private SelectorJson() {}

    static ObjectNode write(Selector selector) {
        ObjectNode out = Json.object();
        switch (selector) {
            case Selector.Recent recent -> out.put("by", RECENT).put("first", recent.first());
            case Selector.Chance chance -> out.put("by", CHANCE).put("seed", chance.seed());
            case Selector.Observed observed -> {
                out.put("by", OBSERVED)
                        .put("placement", text(observed.placement()))
                        .put("window", observed.window())
                        .put("kernel", observed.kernel())
                        .put("pooling", text(observed.pooling()));
                if (!observed.released().isEmpty()) {
                    ArrayNode released = out.putArray(TRAITS);
                    observed.released().stream().sorted().forEach(trait -> released.add(text(trait)));
                }
            }
            case Selector.HeavyHitters heavy -> out.put("by", HEAVY).put("recent", heavy.recent());
            case Selector.Sampled sampled ->
                out.put("by", SAMPLED)
                        .put("placement", text(sampled.placement()))
                        .put("queries", sampled.queries())
                        .put("first", sampled.first())
                        .put("newest", sampled.newest());
            case Selector.Released released ->
                out.put("by", RELEASED)
                        .put("window", released.window())
                        .put("base", released.base())
                        .put("kernel", released.kernel())
                        .put("pooling", text(released.pooling()))
                        .put("clears_after", released.clearsAfter());
        }
        return out;
    }

    static Selector read(JsonFields fields) {
        String by = fields.text("by");
        return switch (by) {
            case RECENT -> {
                fields.only(Set.of("by", "first"));
                yield new Selector.Recent(whole(fields, "first"));
            }
            case CHANCE -> {
                fields.only(Set.of("by", "seed"));
                yield new Selector.Chance(fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE));
            }
            case OBSERVED -> {
                fields.only(Set.of("by", "placement", "window", "kernel", "pooling", TRAITS));
                yield new Selector.Observed(
                        constant(fields, "placement", Placement.values()),
                        whole(fields, "window"),
                        whole(fields, "kernel"),
                        constant(fields, "pooling", Pooling.values()),
                        traits(fields));
            }
            case HEAVY -> {
                fields.only(Set.of("by", "recent"));
                yield new Selector.HeavyHitters(whole(fields, "recent"));
            }
            case SAMPLED -> {
                fields.only(Set.of("by", "placement", "queries", "first", "newest"));
                yield new Selector.Sampled(
                        constant(fields, "placement", Placement.values()),
                        whole(fields, "queries"),
                        whole(fields, "first"),
                        yesOrNo(fields, "newest"));
            }
            case RELEASED -> {
                fields.only(Set.of("by", "window", "base", "kernel", "pooling", "clears_after"));
                yield new Selector.Released(
                        whole(fields, "window"),
                        whole(fields, "base"),
                        whole(fields, "kernel"),
                        constant(fields, "pooling", Pooling.values()),
                        whole(fields, "clears_after"));
            }
            default ->
                throw fields.refuse(
                        "by",
                        "this selector is not known to this version of the program, expected one of "
                                + List.of(RECENT, CHANCE, OBSERVED, HEAVY, SAMPLED, RELEASED));
        };
    }

    private static Set<ReleasedTrait> traits(JsonFields fields) {
        Set<ReleasedTrait> traits = new HashSet<>();
        for (String found : fields.has(TRAITS) ? fields.texts(TRAITS) : List.<String>of()) {
            if (!traits.add(constant(fields, TRAITS, found, ReleasedTrait.values()))) {
                throw fields.refuse(TRAITS, "the same trait is named twice");
            }
        }
        return traits;
    }

    private static boolean yesOrNo(JsonFields fields, String name) {
        JsonNode found = fields.node().get(name);
        if (found == null || !found.isBoolean()) {
            throw fields.refuse(name, "expected true or false");
        }
        return found.booleanValue();
    }

    private static int whole(JsonFields fields, String name) {
        return (int) fields.whole(name, 0, Integer.MAX_VALUE);
    }

    private static <E extends Enum<E>> E constant(JsonFields fields, String name, E[] values) {
        return constant(fields, name, fields.text(name), values);
    }

    private static <E extends Enum<E>> E constant(JsonFields fields, String name, String found, E[] values) {
        return Stream.of(values)
                .filter(value -> text(value).equals(found))
                .findFirst()
                .orElseThrow(() -> fields.refuse(
                        name,
                        "expected one of "
                                + Stream.of(values).map(SelectorJson::text).toList()));
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
