package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import tools.jackson.databind.JsonNode;

/**
 * One eviction policy of a recorded case as a schedule.
 *
 * @param local per layer and kv head whether a mixture takes it for local
 */
record EvictionPolicy(RecordedCase recorded, String name, JsonNode json, boolean[][] local) {
    Schedule schedule(Geometry geometry) {
        List<Rule> rules = new ArrayList<>();
        for (int layer = 0; layer < geometry.layers(); layer++) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                rules.add(new HeadKeeps(layer, head, keeping(local[layer][head])));
            }
        }
        return new Schedule(
                geometry,
                name,
                new TreeMap<>(),
                new Budget(1, Budget.Meaning.BETWEEN_STEPS),
                rules,
                new Provenance("headwise", List.of(), new TreeMap<>(), List.of(), Map.of()));
    }

    private Keeping keeping(boolean isLocal) {
        String definition = json.path("definition").asString("");
        return switch (definition) {
            case "window" -> new Keeping.Newest(0, whole("w"), true, false);
            case "streaming" -> new Keeping.Newest(whole("s"), whole("w"), false, false);
            case "streaming_relpos" -> new Keeping.Newest(whole("s"), whole("w"), false, true);
            case "h2o" -> new Keeping.Heaviest(whole("k"), whole("r"), flag("protect_prompt"), flag("paired"), 1);
            case "mixture" ->
                isLocal
                        ? new Keeping.Newest(0, whole("w"), flag("protect_prompt"), false)
                        : new Keeping.Heaviest(whole("k"), whole("r"), flag("protect_prompt"), false, 1);
            default ->
                throw recorded.refuse("policy " + name + " is defined by \"" + definition
                        + "\", expected window, streaming, streaming_relpos, h2o or mixture");
        };
    }

    private int whole(String parameter) {
        return recorded.integer(json.path("params"), parameter);
    }

    private boolean flag(String parameter) {
        JsonNode value = json.path("params").path(parameter);
        if (!value.isBoolean()) {
            throw recorded.refuse("policy " + name + " has no " + parameter + ", expected true or false");
        }
        return value.booleanValue();
    }
}
