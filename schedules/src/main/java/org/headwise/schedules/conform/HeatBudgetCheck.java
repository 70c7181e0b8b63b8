package org.headwise.schedules.conform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Sha256;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.methods.HeatCounts;
import org.headwise.schedules.methods.HeatStrict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Kind {@code heat_budget}: HeatKV's bookkeeping without a model: counts, strict schedules, refused budgets. */
final class HeatBudgetCheck implements CaseCheck {
    private static final String COUNTS = "pruned_heads_for_budget";

    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("heat_budget");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        List<Grid> schedule = schedule(recorded);
        int entry = 0;
        for (JsonNode part : recorded.json().path("prune_counts")) {
            List<Integer> expected = recorded.integers(part.path("counts"));
            int[] got = counts(recorded, part, schedule);
            out.equal("counts " + entry++, expected, Arrays.stream(got).boxed().toList());
        }
        entry = 0;
        for (JsonNode part : recorded.json().path("strict")) {
            HeatStrict strict = HeatPlan.plan(recorded, part, geometry(recorded, part, schedule));
            HeatPlan.compare(recorded, part, strict, "strict " + entry++ + ": ", out);
        }
        for (JsonNode part : recorded.json().path("infeasible")) {
            infeasible(recorded, part, schedule, out);
        }
        for (JsonNode part : recorded.json().path("shipped_orders")) {
            shipped(recorded, part, schedule, out);
        }
    }

    /** The schedule stands under a name of its own, for example {@code schedule_1M}. */
    private static List<Grid> schedule(RecordedCase recorded) {
        for (Map.Entry<String, JsonNode> field : recorded.json().properties()) {
            if (field.getKey().startsWith("schedule") || field.getKey().equals("scale_schedule")) {
                return recorded.grids(field.getValue(), field.getKey());
            }
        }
        throw recorded.refuse("there is no schedule");
    }

    private static Geometry geometry(RecordedCase recorded, JsonNode part, List<Grid> schedule) {
        int layers = part.path("layers").asInt(0);
        int heads = part.path("heads").asInt(0);
        if (layers < 1 || heads < 1) {
            throw recorded.refuse("has an entry without layers or heads");
        }
        return new Geometry("infinity", layers, heads, heads, 1, schedule);
    }

    private static int[] counts(RecordedCase recorded, JsonNode part, List<Grid> schedule) {
        Budget budget = new Budget(part.path("budget").asDouble(Double.NaN), Budget.Meaning.PEAK_INCOMING);
        return HeatCounts.of(
                geometry(recorded, part, schedule),
                budget.share(),
                part.path("retained_tokens").asInt(0));
    }

    private static void infeasible(RecordedCase recorded, JsonNode part, List<Grid> schedule, Comparison out) {
        String function = part.path("fn").asString("");
        String what = function + " with budget " + part.path("budget");
        try {
            if (function.equals(COUNTS)) {
                counts(recorded, part, schedule);
            } else if (part.path("orders").isArray()) {
                HeatPlan.plan(recorded, part, geometry(recorded, part, schedule));
            } else {
                out.note(what + " cannot be replayed without orders");
                return;
            }
            out.fail(what + " is accepted, recorded is \"" + part.path("error").asString("") + "\"");
        } catch (HeatCounts.Infeasible | InputRefused e) {
            out.equal(what + " refused", true, true);
        }
    }

    private static void shipped(RecordedCase recorded, JsonNode part, List<Grid> schedule, Comparison out) {
        String name = part.path("file").asString("");
        Path file = recorded.manifest().resolveSibling(name);
        if (name.isEmpty() || !Files.isRegularFile(file)) {
            out.note(name + " does not lie beside the manifest, so what is recorded of it is not compared");
            return;
        }
        ObjectNode json = Json.object();
        json.set("orders", orders(Json.read(file)));
        json.set("budget", part.path("budget"));
        json.set("source_scale_start", part.path("source_scale_start"));
        json.set("protected_prefix_scales", part.path("protected_prefix_scales"));
        HeatStrict strict = HeatPlan.plan(recorded, json, geometry(recorded, part, schedule));
        List<Integer> counts = new ArrayList<>();
        for (int step = 0; step < schedule.size(); step++) {
            List<List<Integer>> removed = HeatPlan.triples(strict.removedWhile(step));
            counts.add(removed.size());
            JsonNode digest = part.path("removed_sha256").path(Integer.toString(step));
            if (digest.isString()) {
                String text = removed.toString().replace(" ", "");
                out.equal(name + ", digest of step " + step, digest.stringValue(), Sha256.of(text));
            }
        }
        out.equal(name + ", removed counts", recorded.integers(part.path("removed_counts")), counts);
    }

    private static JsonNode orders(JsonNode file) {
        return file.isArray() ? file : file.path("orders");
    }
}
