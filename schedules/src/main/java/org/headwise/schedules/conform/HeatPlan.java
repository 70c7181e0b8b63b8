package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.headwise.model.Geometry;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.methods.HeatOrders;
import org.headwise.schedules.methods.HeatStrict;
import org.headwise.schedules.methods.HeatUnit;
import tools.jackson.databind.JsonNode;

/** A recorded plan of HeatKV's strict schedule, replanned and compared. */
final class HeatPlan {
    private HeatPlan() {}

    /** Plans from orders, budget and settings of a manifest, or of one entry of it. */
    static HeatStrict plan(RecordedCase recorded, JsonNode json, Geometry geometry) {
        List<List<HeatOrders.Slot>> orders = new ArrayList<>();
        for (JsonNode order : json.path("orders")) {
            List<HeatOrders.Slot> slots = new ArrayList<>();
            for (JsonNode slot : order) {
                List<Integer> pair = recorded.integers(slot);
                if (pair.size() != 2) {
                    throw recorded.refuse("orders " + slot + ", expected [head, layer]");
                }
                slots.add(new HeatOrders.Slot(pair.get(0), pair.get(1)));
            }
            orders.add(slots);
        }
        int first = json.path("source_scale_start").asInt(-1);
        int protectedScales = json.path("protected_prefix_scales").asInt(first);
        if (first < 0 || !json.path("budget").isNumber()) {
            throw recorded.refuse("has no source_scale_start or no budget");
        }
        return HeatKv.released(
                geometry,
                new HeatOrders(geometry.layers(), geometry.heads(), first, orders),
                json.path("budget").doubleValue(),
                protectedScales);
    }

    /** Units as manifests write them: [[source, layer, head], ...], ascending. */
    static List<List<Integer>> triples(List<HeatUnit> units) {
        return units.stream()
                .sorted()
                .map(unit -> List.of(unit.source(), unit.layer(), unit.head()))
                .toList();
    }

    /** Compares what every step does not see, and the other lists that a manifest may have. */
    static void compare(RecordedCase recorded, JsonNode json, HeatStrict strict, String what, Comparison out) {
        int steps = strict.geometry().steps().size();
        for (int step = 0; step < steps; step++) {
            String key = Integer.toString(step);
            List<List<Integer>> removed = triples(strict.removedWhile(step));
            compareTriples(recorded, json.path("removed").path(key), removed, what + "removed at step " + step, out);
            compareTriples(
                    recorded,
                    json.path("final_removed").path(key),
                    triples(strict.ends().get(step)),
                    what + "removed after step " + step,
                    out);
            count(json.path("removed_counts").path(key), removed.size(), what + "removed count of step " + step, out);
            count(json.path("remaining").path(key), remaining(strict, step), what + "units left at step " + step, out);
            if (json.path("early_activation").has(key)) {
                out.equal(
                        what + "early activation of step " + step,
                        recordedEarly(recorded, json.path("early_activation").path(key)),
                        early(strict, step));
            }
        }
    }

    private static void compareTriples(
            RecordedCase recorded, JsonNode expected, List<List<Integer>> got, String what, Comparison out) {
        if (expected.isArray()) {
            List<List<Integer>> triples = new ArrayList<>();
            expected.forEach(triple -> triples.add(recorded.integers(triple)));
            triples.sort((a, b) -> {
                int i = 0;
                while (i < 2 && a.get(i).equals(b.get(i))) {
                    i++;
                }
                return Integer.compare(a.get(i), b.get(i));
            });
            out.equal(what, triples, got);
        }
    }

    private static void count(JsonNode expected, int got, String what, Comparison out) {
        if (expected.isIntegralNumber()) {
            out.equal(what, expected.intValue(), got);
        }
    }

    private static int remaining(HeatStrict strict, int step) {
        int sources = Math.min(step, strict.lastSource()) - strict.firstSource() + 1;
        int units = Math.max(0, sources)
                * strict.geometry().layers()
                * strict.geometry().heads();
        return units - strict.removedWhile(step).size();
    }

    /** Per layer after which they take effect, units as [source, head, layer] in the order of activation. */
    private static TreeMap<Integer, List<List<Integer>>> early(HeatStrict strict, int step) {
        TreeMap<Integer, List<List<Integer>>> byLayer = new TreeMap<>();
        for (HeatStrict.Early early : strict.early().get(step)) {
            byLayer.computeIfAbsent(early.whileWriting(), layer -> new ArrayList<>())
                    .add(List.of(
                            early.unit().source(),
                            early.unit().head(),
                            early.unit().layer()));
        }
        return byLayer;
    }

    private static TreeMap<Integer, List<List<Integer>>> recordedEarly(RecordedCase recorded, JsonNode json) {
        TreeMap<Integer, List<List<Integer>>> byLayer = new TreeMap<>();
        json.properties().forEach(entry -> {
            if (!entry.getKey().matches("[0-9]{1,5}")) {
                throw recorded.refuse("activates units early after layer \"" + entry.getKey() + "\"");
            }
            List<List<Integer>> units = new ArrayList<>();
            entry.getValue().forEach(unit -> units.add(recorded.integers(unit)));
            byLayer.put(Integer.parseInt(entry.getKey()), units);
        });
        return byLayer;
    }
}
