package org.headwise.schedules.conform;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which source scales are invisible to which heads at which target scale. */
record RemovedScales(Map<Integer, Set<Unit>> byTarget) {
    /** Keys of one source scale in one head of one layer. */
    record Unit(int source, int layer, int head) {}

    /** Reads {@code {"target": [[source, layer, head], ...]}}. */
    static RemovedScales read(RecordedCase recorded, JsonNode json, int scales) {
        Map<Integer, Set<Unit>> byTarget = new HashMap<>();
        json.properties().forEach(entry -> {
            if (!entry.getKey().matches("[0-9]{1,4}") || Integer.parseInt(entry.getKey()) >= scales) {
                throw recorded.refuse("removes keys at the target scale \"" + entry.getKey() + "\" of " + scales);
            }
            Set<Unit> units = new HashSet<>();
            for (JsonNode unit : entry.getValue()) {
                List<Integer> numbers = recorded.integers(unit);
                if (numbers.size() != 3) {
                    throw recorded.refuse("removes " + unit + ", expected [source, layer, head]");
                }
                units.add(new Unit(numbers.get(0), numbers.get(1), numbers.get(2)));
            }
            byTarget.put(Integer.parseInt(entry.getKey()), units);
        });
        return new RemovedScales(byTarget);
    }

    boolean hides(int target, int source, int layer, int head) {
        return byTarget.getOrDefault(target, Set.of()).contains(new Unit(source, layer, head));
    }
}
