package org.headwise.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rules in a schedule file: one object per kind of rule, or per selector of capacities. Evictions are rows [after_step, after_layer, source, layer,
 * [kv heads]], ascending, so that a schedule of ten thousand units stays small and comparable line by line.
 */
final class RulesJson {
    private static final String EVICT_SCALE = "evict_scale";
    private static final List<String> COLUMNS = List.of("after_step", "after_layer", "source", "layer", "kv_heads");

    private RulesJson() {}

    static ArrayNode write(List<Rule> rules) {
        ArrayNode out = Json.mapper().createArrayNode();
        CapacitiesJson.write(rules, out);
        KeepingJson.write(rules, out);
        if (out.isEmpty() || rules.stream().anyMatch(EvictScale.class::isInstance)) {
            writeEvictions(rules, out);
        }
        return out;
    }

    /** The oldest version of the format that has rules like these. */
    static int version(List<Rule> rules) {
        return rules.stream().anyMatch(CapacitiesJson::isNew) ? 2 : 1;
    }

    private static void writeEvictions(List<Rule> rules, ArrayNode out) {
        ObjectNode evictions = out.addObject();
        evictions.put("rule", EVICT_SCALE);
        ArrayNode columns = evictions.putArray("columns");
        COLUMNS.forEach(columns::add);
        ArrayNode rows = evictions.putArray("rows");
        EvictScale previous = null;
        ArrayNode heads = null;
        for (Rule rule : rules) {
            switch (rule) {
                case EvictScale evict -> {
                    if (previous == null || !sameRow(previous, evict)) {
                        heads = rows.addArray()
                                .add(evict.afterStep())
                                .add(evict.afterLayer())
                                .add(evict.source())
                                .add(evict.layer())
                                .addArray();
                    }
                    heads.add(evict.kvHead());
                    previous = evict;
                }
                case Capacity capacity -> {}
                case HeadKeeps head -> {}
            }
        }
    }

    private static boolean sameRow(EvictScale a, EvictScale b) {
        return a.afterStep() == b.afterStep()
                && a.afterLayer() == b.afterLayer()
                && a.source() == b.source()
                && a.layer() == b.layer();
    }

    /** Reads the field {@code rules}; whether they are possible is for {@link RuleCheck} to say. */
    static List<Rule> read(JsonFields document) {
        List<Rule> rules = new ArrayList<>();
        for (JsonFields group : document.objects("rules")) {
            String kind = group.text("rule");
            if (kind.equals(CapacitiesJson.CAPACITY)) {
                CapacitiesJson.read(group, rules);
                continue;
            }
            if (kind.equals(KeepingJson.HEAD_KEEPS)) {
                KeepingJson.read(group, rules);
                continue;
            }
            if (!kind.equals(EVICT_SCALE)) {
                throw group.refuse(
                        "rule",
                        "this rule is not known to this version of the program, expected one of "
                                + List.of(EVICT_SCALE, CapacitiesJson.CAPACITY, KeepingJson.HEAD_KEEPS));
            }
            group.only(Set.of("rule", "columns", "rows"));
            if (!group.texts("columns").equals(COLUMNS)) {
                throw group.refuse("columns", "expected " + COLUMNS);
            }
            int index = 0;
            for (JsonNode row : group.array("rows")) {
                read(row, group, "rows/" + index++, rules);
            }
        }
        return rules;
    }

    private static void read(JsonNode row, JsonFields group, String place, List<Rule> into) {
        if (!row.isArray() || row.size() != COLUMNS.size() || !row.get(4).isArray()) {
            throw group.refuse(place, "expected " + COLUMNS + " with the kv heads in an array");
        }
        int[] numbers = new int[4];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = whole(row.get(i), group, place + "/" + i);
        }
        if (row.get(4).isEmpty()) {
            throw group.refuse(place, "this row names no kv heads");
        }
        int index = 0;
        for (JsonNode head : row.get(4)) {
            into.add(new EvictScale(
                    numbers[2], numbers[3], whole(head, group, place + "/4/" + index++), numbers[0], numbers[1]));
        }
    }

    static int whole(JsonNode value, JsonFields group, String place) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw group.refuse(place, "expected a whole number");
        }
        return value.intValue();
    }
}
