package org.headwise.schedules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.headwise.files.JsonFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Capacities in a schedule file: one object per selector, with rows [step, layer, tokens], or [step, layer, [kv heads],
 * tokens] for those of single kv heads, ascending.
 */
final class CapacitiesJson {
    static final String CAPACITY = "capacity";
    private static final List<String> COLUMNS = List.of("step", "layer", "tokens");
    private static final List<String> OF_HEADS = List.of("step", "layer", "kv_heads", "tokens");

    private CapacitiesJson() {}

    private record Kind(Selector selector, boolean ofOneHead) {}

    /** Rows of one kind, and the last one of them that lists kv heads. */
    private static final class Group {
        private final ArrayNode rows;
        private Capacity previous;
        private ArrayNode heads;

        Group(Kind kind, ArrayNode out) {
            ObjectNode group = out.addObject();
            group.put("rule", CAPACITY);
            group.set("selector", SelectorJson.write(kind.selector));
            ArrayNode columns = group.putArray("columns");
            (kind.ofOneHead ? OF_HEADS : COLUMNS).forEach(columns::add);
            rows = group.putArray("rows");
        }

        void add(Capacity capacity) {
            if (capacity.ofOneHead()) {
                if (heads == null || !sameRow(previous, capacity)) {
                    ArrayNode row = rows.addArray().add(capacity.step()).add(capacity.layer());
                    heads = row.addArray();
                    row.add(capacity.tokens());
                }
                heads.add(capacity.kvHead());
                previous = capacity;
            } else {
                rows.addArray().add(capacity.step()).add(capacity.layer()).add(capacity.tokens());
            }
        }

        private static boolean sameRow(Capacity a, Capacity b) {
            return a.step() == b.step() && a.layer() == b.layer() && a.tokens() == b.tokens();
        }
    }

    /** Adds the capacities among some rules. */
    static void write(List<Rule> rules, ArrayNode out) {
        Map<Kind, Group> groups = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (rule instanceof Capacity capacity) {
                groups.computeIfAbsent(
                                new Kind(capacity.selector(), capacity.ofOneHead()), kind -> new Group(kind, out))
                        .add(capacity);
            }
        }
    }

    /** Reads one group. */
    static void read(JsonFields group, List<Rule> into) {
        group.only(Set.of("rule", "selector", "columns", "rows"));
        List<String> columns = group.texts("columns");
        boolean ofHeads = columns.equals(OF_HEADS);
        if (!ofHeads && !columns.equals(COLUMNS)) {
            throw group.refuse("columns", "expected " + COLUMNS + " or " + OF_HEADS);
        }
        Selector selector = SelectorJson.read(group.object("selector"));
        int index = 0;
        for (JsonNode row : group.array("rows")) {
            String place = "rows/" + index++;
            if (!row.isArray()
                    || row.size() != columns.size()
                    || ofHeads && !row.get(2).isArray()) {
                throw group.refuse(place, "expected " + columns + (ofHeads ? " with the kv heads in an array" : ""));
            }
            int step = RulesJson.whole(row.get(0), group, place + "/0");
            int layer = RulesJson.whole(row.get(1), group, place + "/1");
            int last = columns.size() - 1;
            int tokens = RulesJson.whole(row.get(last), group, place + "/" + last);
            if (!ofHeads) {
                into.add(new Capacity(step, layer, tokens, selector));
                continue;
            }
            if (row.get(2).isEmpty()) {
                throw group.refuse(place, "this row names no kv heads");
            }
            int head = 0;
            for (JsonNode named : row.get(2)) {
                String at = place + "/2/" + head++;
                int kvHead = RulesJson.whole(named, group, at);
                if (kvHead < 0) {
                    throw group.refuse(at, "expected the number of a kv head");
                }
                into.add(new Capacity(step, layer, kvHead, tokens, selector));
            }
        }
    }

    /** Whether version 1 of the format could not say this. */
    static boolean isNew(Rule rule) {
        return rule instanceof Capacity capacity
                && (capacity.ofOneHead()
                        || capacity.selector() instanceof Selector.Sampled
                        || capacity.selector() instanceof Selector.Observed observed
                                && !observed.released().isEmpty());
    }
}
