package org.headwise.schedules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of single kv heads in a schedule file: one object per kind of keeping with its parameters, with rows [layer,
 * [kv heads]], ascending.
 */
final class KeepingJson {
    static final String HEAD_KEEPS = "head_keeps";
    private static final List<String> COLUMNS = List.of("layer", "kv_heads");
    private static final String NEWEST = "newest";
    private static final String HEAVIEST = "heaviest";
    private static final String OBSERVED = "observed_attention";
    private static final String CHANCE = "chance";

    private KeepingJson() {}

    /** Adds the rules of single kv heads among some rules. */
    static void write(List<Rule> rules, ArrayNode out) {
        Map<Keeping, TreeMap<Integer, List<Integer>>> groups = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (rule instanceof HeadKeeps head) {
                groups.computeIfAbsent(head.keeping(), keeping -> new TreeMap<>())
                        .computeIfAbsent(head.layer(), layer -> new ArrayList<>())
                        .add(head.kvHead());
            }
        }
        groups.forEach((keeping, layers) -> {
            ObjectNode group = out.addObject();
            group.put("rule", HEAD_KEEPS);
            group.set("keeping", write(keeping));
            ArrayNode columns = group.putArray("columns");
            COLUMNS.forEach(columns::add);
            ArrayNode rows = group.putArray("rows");
            layers.forEach((layer, heads) -> {
                ArrayNode list = rows.addArray().add(layer.intValue()).addArray();
                heads.forEach(list::add);
            });
        });
    }

    private static ObjectNode write(Keeping keeping) {
        ObjectNode out = Json.object();
        switch (keeping) {
            case Keeping.Newest newest ->
                out.put("by", NEWEST)
                        .put("first", newest.first())
                        .put("tokens", newest.tokens())
                        .put("prompt_kept", newest.promptKept())
                        .put("renumbered", newest.renumbered());
            case Keeping.Heaviest heaviest ->
                out.put("by", HEAVIEST)
                        .put("best", heaviest.best())
                        .put("recent", heaviest.recent())
                        .put("prompt_kept", heaviest.promptKept())
                        .put("paired", heaviest.paired())
                        .put("refresh", heaviest.refresh());
            case Keeping.Observed observed ->
                out.put("by", OBSERVED)
                        .put("tokens", observed.tokens())
                        .put("window", observed.window())
                        .put("kernel", observed.kernel())
                        .put("pooling", observed.pooling().name().toLowerCase(Locale.ROOT))
                        .put("prompt_kept", observed.promptKept())
                        .put("refresh", observed.refresh());
            case Keeping.Chance chance ->
                out.put("by", CHANCE)
                        .put("tokens", chance.tokens())
                        .put("seed", chance.seed())
                        .put("prompt_kept", chance.promptKept());
        }
        return out;
    }

    /** Reads one group. */
    static void read(JsonFields group, List<Rule> into) {
        group.only(Set.of("rule", "keeping", "columns", "rows"));
        if (!group.texts("columns").equals(COLUMNS)) {
            throw group.refuse("columns", "expected " + COLUMNS);
        }
        Keeping keeping = read(group.object("keeping"));
        int index = 0;
        for (JsonNode row : group.array("rows")) {
            String place = "rows/" + index++;
            if (!row.isArray()
                    || row.size() != 2
                    || !row.get(1).isArray()
                    || row.get(1).isEmpty()) {
                throw group.refuse(place, "expected " + COLUMNS + " with at least one kv head in an array");
            }
            int layer = RulesJson.whole(row.get(0), group, place + "/0");
            int at = 0;
            for (JsonNode head : row.get(1)) {
                into.add(new HeadKeeps(layer, RulesJson.whole(head, group, place + "/1/" + at++), keeping));
            }
        }
    }

    private static Keeping read(JsonFields fields) {
        String by = fields.text("by");
        return switch (by) {
            case NEWEST -> {
                fields.only(Set.of("by", "first", "tokens", "prompt_kept", "renumbered"));
                yield new Keeping.Newest(
                        whole(fields, "first"),
                        whole(fields, "tokens"),
                        fields.flag("prompt_kept"),
                        fields.flag("renumbered"));
            }
            case HEAVIEST -> {
                fields.only(Set.of("by", "best", "recent", "prompt_kept", "paired", "refresh"));
                yield new Keeping.Heaviest(
                        whole(fields, "best"),
                        whole(fields, "recent"),
                        fields.flag("prompt_kept"),
                        fields.flag("paired"),
                        whole(fields, "refresh"));
            }
            case OBSERVED -> {
                fields.only(Set.of("by", "tokens", "window", "kernel", "pooling", "prompt_kept", "refresh"));
                yield new Keeping.Observed(
                        whole(fields, "tokens"),
                        whole(fields, "window"),
                        whole(fields, "kernel"),
                        pooling(fields),
                        fields.flag("prompt_kept"),
                        whole(fields, "refresh"));
            }
            case CHANCE -> {
                fields.only(Set.of("by", "tokens", "seed", "prompt_kept"));
                yield new Keeping.Chance(
                        whole(fields, "tokens"),
                        fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                        fields.flag("prompt_kept"));
            }
            default ->
                throw fields.refuse(
                        "by",
                        "this way of keeping is not known to this version of the program, expected one of "
                                + List.of(NEWEST, HEAVIEST, OBSERVED, CHANCE));
        };
    }

    private static int whole(JsonFields fields, String name) {
        return (int) fields.whole(name, 0, Integer.MAX_VALUE);
    }

    private static Pooling pooling(JsonFields fields) {
        String found = fields.text("pooling");
        return Stream.of(Pooling.values())
                .filter(pooling -> pooling.name().toLowerCase(Locale.ROOT).equals(found))
                .findFirst()
                .orElseThrow(() -> fields.refuse("pooling", "expected average or max"));
    }
}
