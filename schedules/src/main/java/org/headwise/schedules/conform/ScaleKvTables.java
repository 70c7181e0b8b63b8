package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.methods.ScaleKvTable;
import tools.jackson.databind.JsonNode;

/** Reads the settings of ScaleKV's released code in recorded cases. */
final class ScaleKvTables {
    private static final int MOST_ROWS = 1000;

    private ScaleKvTables() {}

    /** A list of rows, null for empty ones, or an object of the rows that are there by their index. */
    static ScaleKvTable read(RecordedCase recorded, JsonNode json, int base) {
        List<List<Integer>> rows = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(row -> rows.add(recorded.integers(row)));
        } else {
            json.properties().forEach(entry -> {
                if (!entry.getKey().matches("\\d{1,3}")) {
                    throw recorded.refuse("has capacities for the row \"" + entry.getKey() + "\"");
                }
                int index = Integer.parseInt(entry.getKey());
                while (rows.size() <= Math.min(index, MOST_ROWS)) {
                    rows.add(List.of());
                }
                rows.set(index, recorded.integers(entry.getValue()));
            });
        }
        return new ScaleKvTable(rows, base);
    }

    static Pooling pooling(RecordedCase recorded, String name) {
        return switch (name) {
            case "maxpool" -> Pooling.MAX;
            case "avgpool", "pool" -> Pooling.AVERAGE;
            default -> throw recorded.refuse("pools by \"" + name + "\", expected maxpool or avgpool");
        };
    }
}
