package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Budget;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.methods.HeatKv;
import tools.jackson.databind.JsonNode;

/** Reads the files that {@link HeatKvStrictFile} writes. */
public final class HeatKvStrictImport {
    private static final List<String> FIELDS = List.of(
            "model",
            "num_layers",
            "num_heads",
            "budget",
            "protected_prefix_scales",
            "source_scales",
            "scale_schedule",
            "prune_counts",
            "final_removed_counts",
            "final_removed_by_scale",
            "early_activation_by_scale",
            "removed_while_scale_runs",
            "removed_counts_while_scale_runs",
            "remaining_atoms_while_scale_runs");
    private static final int MOST = 1 << 20;

    private HeatKvStrictImport() {}

    /**
     * Reads a strict schedule.
     *
     * @param geometry the model it is for, since the file lacks the head dimension; null for the released size that the
     *     file names
     */
    public static Schedule read(Path file, Geometry geometry, Provenance provenance) {
        return read(Json.read(file), file.toString(), geometry, provenance);
    }

    static Schedule read(JsonNode json, String origin, Geometry wanted, Provenance provenance) {
        JsonFields fields = JsonFields.of(json, origin).only(Set.copyOf(FIELDS));
        Geometry geometry = wanted == null ? released(fields) : wanted;
        expect(fields, "num_layers", geometry.layers());
        expect(fields, "num_heads", geometry.kvHeads());
        if (!grids(fields).equals(geometry.steps())) {
            throw fields.refuse("scale_schedule", "these are not the scales of " + geometry.describe());
        }
        double share = fields.number("budget");
        if (share < 0 || share > 1) {
            throw fields.refuse("budget", "found " + share + ", expected a share from 0 to 1");
        }
        long protect =
                fields.whole("protected_prefix_scales", 0, geometry.steps().size() - 1);
        Schedule schedule;
        JsonNode again;
        try {
            schedule = new Schedule(
                    geometry,
                    HeatKv.NAME,
                    new TreeMap<>(java.util.Map.of(HeatKv.PROTECT, Long.toString(protect))),
                    new Budget(share, Budget.Meaning.PEAK_INCOMING),
                    rules(fields, geometry),
                    provenance);
            again = Json.parse(Json.line(HeatKvStrictFile.json(schedule)), "");
        } catch (org.headwise.files.InputRefused e) {
            throw e.getMessage().startsWith(origin) ? e : fields.refuse("", e.getMessage());
        }
        for (String name : FIELDS) {
            if (!fields.has(name)) {
                throw fields.refuse(name, "this field is missing");
            }
            if (!name.equals("model")
                    && !name.equals("budget")
                    && !again.get(name).equals(json.get(name))) {
                throw fields.refuse(
                        name,
                        "this contradicts what is removed and when; the file was edited or is of another version");
            }
        }
        return schedule;
    }

    private static Geometry released(JsonFields fields) {
        String model = fields.text("model");
        Geometry found = InfinityGeometries.names().contains("infinity-" + model)
                ? InfinityGeometries.get("infinity-" + model)
                : null;
        if (found == null) {
            throw fields.refuse("model", "this is no released size, so the geometry must be named");
        }
        return new Geometry(
                found.family(), found.layers(), found.heads(), found.kvHeads(), found.headDim(), grids(fields));
    }

    private static void expect(JsonFields fields, String name, int expected) {
        if (fields.whole(name, 1, MOST) != expected) {
            throw fields.refuse(
                    name, "found " + fields.whole(name, 1, MOST) + ", expected " + expected + " by the geometry");
        }
    }

    private static List<Grid> grids(JsonFields fields) {
        List<Grid> grids = new ArrayList<>();
        for (JsonNode pair : fields.array("scale_schedule")) {
            if (!pair.isArray() || pair.size() != 2 || !extent(pair.get(0)) || !extent(pair.get(1))) {
                throw fields.refuse("scale_schedule/" + grids.size(), "expected [height, width]");
            }
            grids.add(new Grid(pair.get(0).intValue(), pair.get(1).intValue()));
        }
        if (grids.isEmpty()) {
            throw fields.refuse("scale_schedule", "there are no scales");
        }
        return grids;
    }

    private static boolean extent(JsonNode value) {
        return value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= 1
                && value.intValue() <= 1 << 12;
    }

    /** Every unit goes when its step is over, or where it is activated early. */
    private static List<Rule> rules(JsonFields fields, Geometry geometry) {
        SortedMap<Unit, Rule> rules = new TreeMap<>();
        JsonFields early = fields.object("early_activation_by_scale");
        for (Entry step : entries(early)) {
            for (Entry writing : entries(step.object())) {
                int index = 0;
                for (JsonNode triple : writing.array()) {
                    String place = Integer.toString(index++);
                    if (!triple.isArray() || triple.size() != 3) {
                        throw writing.in.refuse(writing.name + "/" + place, "expected [source, head, layer]");
                    }
                    Unit unit = new Unit(
                            whole(triple.get(0), writing),
                            whole(triple.get(2), writing),
                            whole(triple.get(1), writing));
                    rules.put(
                            unit, new EvictScale(unit.source, unit.layer, unit.head, step.number, writing.number - 1));
                }
            }
        }
        for (Entry step : entries(fields.object("final_removed_by_scale"))) {
            for (Entry source : entries(step.object())) {
                for (Entry layer : entries(source.object())) {
                    for (JsonNode head : layer.array()) {
                        Unit unit = new Unit(source.number, layer.number, whole(head, layer));
                        rules.putIfAbsent(
                                unit, new EvictScale(unit.source, unit.layer, unit.head, step.number, unit.layer));
                    }
                }
            }
        }
        return List.copyOf(rules.values());
    }

    private record Unit(int source, int layer, int head) implements Comparable<Unit> {
        @Override
        public int compareTo(Unit other) {
            return java.util.Arrays.compare(
                    new int[] {source, layer, head}, new int[] {other.source, other.layer, other.head});
        }
    }

    /** A field whose name is a number. */
    private record Entry(JsonFields in, String name, int number) {
        JsonFields object() {
            return in.object(name);
        }

        List<JsonNode> array() {
            return in.array(name);
        }
    }

    /** By ascending number, so that the first step at which a unit is gone comes first. */
    private static List<Entry> entries(JsonFields object) {
        List<Entry> entries = new ArrayList<>();
        for (String name : object.node().propertyNames()) {
            if (!name.matches("0|[1-9]\\d{0,6}")) {
                throw object.refuse(name, "expected a whole number as the name of this field");
            }
            entries.add(new Entry(object, name, Integer.parseInt(name)));
        }
        entries.sort(java.util.Comparator.comparingInt(Entry::number));
        return entries;
    }

    private static int whole(JsonNode value, Entry place) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw place.in.refuse(place.name, "expected whole numbers");
        }
        return value.intValue();
    }
}
