package org.headwise.schedules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.headwise.files.JsonFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Capacities in a schedule file: one object per selector, with rows [step, layer, tokens], ascending. */
final class CapacitiesJson {
    static final String CAPACITY = "capacity";
    private static final List<String> COLUMNS = List.of("step", "layer", "tokens");

    private CapacitiesJson() {}

    /** Adds the capacities among some rules. */
    static void write(List<Rule> rules, ArrayNode out) {
        Map<Selector, ArrayNode> groups = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (rule instanceof Capacity capacity) {
                groups.computeIfAbsent(capacity.selector(), selector -> group(selector, out))
                        .addArray()
                        .add(capacity.step())
                        .add(capacity.layer())
                        .add(capacity.tokens());
            }
        }
    }

    private static ArrayNode group(Selector selector, ArrayNode out) {
        ObjectNode group = out.addObject();
        group.put("rule", CAPACITY);
        group.set("selector", SelectorJson.write(selector));
        ArrayNode columns = group.putArray("columns");
        COLUMNS.forEach(columns::add);
        return group.putArray("rows");
    }

    /** Reads one group. */
    static void read(JsonFields group, List<Rule> into) {
        group.only(Set.of("rule", "selector", "columns", "rows"));
        if (!group.texts("columns").equals(COLUMNS)) {
            throw group.refuse("columns", "expected " + COLUMNS);
        }
        Selector selector = SelectorJson.read(group.object("selector"));
        int index = 0;
        for (JsonNode row : group.array("rows")) {
            String place = "rows/" + index++;
            if (!row.isArray() || row.size() != COLUMNS.size()) {
                throw group.refuse(place, "expected " + COLUMNS);
            }
            into.add(new Capacity(
                    RulesJson.whole(row.get(0), group, place + "/0"),
                    RulesJson.whole(row.get(1), group, place + "/1"),
                    RulesJson.whole(row.get(2), group, place + "/2"),
                    selector));
        }
    }
}
