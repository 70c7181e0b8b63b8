package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Sha256;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** HeatKV's arithmetic against recordings of the original program. */
class HeatReferenceTest {
    private static final JsonNode BUDGETS = Reference.json("infinity/heat_budget.json");

    @Test
    void pruneCounts() {
        int checked = 0;
        for (JsonNode recorded : BUDGETS.get("prune_counts")) {
            Geometry geometry = geometry(recorded);
            int[] counts = HeatCounts.of(
                    geometry,
                    recorded.get("budget").doubleValue(),
                    recorded.get("retained_tokens").intValue());
            assertEquals(ints(recorded.get("counts")), HeatCounts.list(counts), recorded.toString());
            checked++;
        }
        assertEquals(56, checked);
    }

    @Test
    void strictSchedules() {
        int checked = 0;
        for (JsonNode recorded : BUDGETS.get("strict")) {
            Geometry geometry = geometry(recorded);
            HeatStrict strict = HeatKv.released(
                    geometry,
                    orders(recorded, geometry),
                    recorded.get("budget").doubleValue(),
                    recorded.get("protected_prefix_scales").intValue());
            assertStrict(recorded, strict);
            checked++;
        }
        assertEquals(6, checked);
    }

    private static void assertStrict(JsonNode recorded, HeatStrict strict) {
        Geometry geometry = strict.geometry();
        for (int step = 0; step < geometry.steps().size(); step++) {
            String key = Integer.toString(step);
            assertEquals(recorded.get("removed").get(key), units(strict.removedWhile(step)), "removed " + key);
            assertEquals(
                    recorded.get("final_removed").get(key), units(strict.ends().get(step)), "final " + key);
            assertEquals(
                    recorded.get("removed_counts").get(key).intValue(),
                    strict.removedWhile(step).size());
            Map<String, Object> early = new TreeMap<>();
            for (HeatStrict.Early activated : strict.early().get(step)) {
                HeatUnit unit = activated.unit();
                @SuppressWarnings("unchecked")
                List<List<Integer>> list = (List<List<Integer>>)
                        early.computeIfAbsent(Integer.toString(activated.whileWriting()), k -> new ArrayList<>());
                list.add(List.of(unit.source(), unit.head(), unit.layer()));
            }
            assertEquals(
                    recorded.get("early_activation").get(key), Json.parse(Json.line(early), "early"), "early " + key);
        }
    }

    @Test
    void releasedOrders() {
        int checked = 0;
        for (JsonNode recorded : BUDGETS.get("shipped_orders")) {
            String model = recorded.get("file").stringValue().contains("2b") ? "2b" : "8b";
            String text = Reference.text("heatkv-orders-" + model + ".json.gz");
            assertEquals(recorded.get("file_sha256").stringValue(), Sha256.of(text));
            Geometry geometry = geometry(recorded);
            HeatOrders orders = Reference.orders(Json.parse(text, model), geometry.layers(), geometry.heads(), 3);
            HeatStrict strict = HeatKv.strict(
                    geometry,
                    orders,
                    new Budget(recorded.get("budget").doubleValue(), Budget.Meaning.PEAK_INCOMING),
                    3);
            for (int step = 0; step < geometry.steps().size(); step++) {
                List<HeatUnit> removed = strict.removedWhile(step);
                assertEquals(recorded.get("removed_counts").get(step).intValue(), removed.size());
                assertEquals(
                        recorded.get("removed_sha256")
                                .get(Integer.toString(step))
                                .stringValue(),
                        Sha256.of(Json.line(units(removed))),
                        model + " at " + recorded.get("budget") + ", step " + step);
            }
            checked++;
        }
        assertEquals(6, checked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"heat_a_b0.35", "heat_a_b0.6", "heat_c_1M_b0.1", "heat_c_1M_b0.3"})
    void removedSetsOfRunModels(String name) {
        JsonNode recorded = Reference.json("infinity/" + name + ".json");
        int layers = recorded.get("cache_slots_per_layer").size();
        int heads = recorded.get("orders").get(0).size() / layers;
        Geometry geometry = Reference.geometry(layers, heads, recorded.get("scale_schedule"));
        HeatStrict strict = HeatKv.strict(
                geometry,
                orders(recorded, geometry),
                new Budget(recorded.get("budget").doubleValue(), Budget.Meaning.PEAK_INCOMING),
                recorded.get("protected_prefix_scales").intValue());
        assertEquals(recorded.get("source_scale_end").intValue(), strict.lastSource());
        for (int step = 0; step < geometry.steps().size(); step++) {
            assertEquals(
                    recorded.get("removed").get(Integer.toString(step)),
                    units(strict.removedWhile(step)),
                    name + ", step " + step);
        }
    }

    @Test
    void infeasibleBudgetsNameTheSmallestFeasibleOne() {
        JsonNode recorded = BUDGETS.get("infeasible").get(0);
        String error = recorded.get("error").stringValue();
        double theirs = Double.parseDouble(error.substring(error.lastIndexOf(' ')));
        Geometry geometry = geometry(recorded);
        // 51 tokens is no sum of whole scales of this schedule, so the counts alone are asked first.
        assertThrows(HeatCounts.Infeasible.class, () -> HeatCounts.of(geometry, 0.001, 51));
        assertEquals(theirs, HeatCounts.smallest(51, geometry.incomingTokens()), 5e-13);
        assertEquals(13, HeatCounts.of(geometry, theirs, 51).length);
    }

    @ParameterizedTest
    @CsvSource({"0.001,3", "0.0032,3", "0.003268,3", "0,1", "0.0001,5", "0.99,12", "0.5,11"})
    void theNamedBudgetIsFeasibleAndTheLargestBelowIsNot(double share, int protect) {
        Geometry geometry = Reference.geometry(32, 16, BUDGETS.get("schedule_1M"));
        HeatOrders orders = Reference.orders(Reference.json("heatkv-orders-2b.json.gz"), 32, 16, 3);
        HeatOrders all = new HeatOrders(32, 16, protect, java.util.Collections.nCopies(12 - protect, orders.order(3)));
        Budget budget = new Budget(share, Budget.Meaning.PEAK_INCOMING);
        String message = assertThrows(InputRefused.class, () -> HeatKv.strict(geometry, all, budget, protect))
                .getMessage();
        assertTrue(message.contains("the smallest feasible budget is "), message);
        double named = Double.parseDouble(message.substring(message.lastIndexOf(' ')));
        HeatKv.strict(geometry, all, new Budget(named, Budget.Meaning.PEAK_INCOMING), protect);
        assertThrows(
                InputRefused.class,
                () -> HeatKv.strict(geometry, all, new Budget(named - 2e-12, Budget.Meaning.PEAK_INCOMING), protect));
        assertEquals((double) geometry.firstToken(protect) / 6425, named, 3e-12);
    }

    private static Geometry geometry(JsonNode recorded) {
        return Reference.geometry(
                recorded.get("layers").intValue(), recorded.get("heads").intValue(), BUDGETS.get("schedule_1M"));
    }

    private static HeatOrders orders(JsonNode recorded, Geometry geometry) {
        return Reference.orders(
                recorded.get("orders"),
                geometry.layers(),
                geometry.heads(),
                recorded.get("source_scale_start").intValue());
    }

    private static List<Integer> ints(JsonNode list) {
        List<Integer> out = new ArrayList<>();
        list.forEach(value -> out.add(value.intValue()));
        return out;
    }

    private static JsonNode units(List<HeatUnit> units) {
        return Json.mapper()
                .readTree(Json.line(units.stream()
                        .map(unit -> List.of(unit.source(), unit.layer(), unit.head()))
                        .toList()));
    }
}
