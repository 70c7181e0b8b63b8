package org.headwise.schedules.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.headwise.attention.Ledger;
import org.headwise.files.Json;
import org.headwise.files.Provenance;
import org.headwise.files.ProvenanceJson;
import org.headwise.model.GeometryJson;
import org.headwise.schedules.TokenLedger;
import org.headwise.schedules.compare.ScheduleComparison.Counted;
import org.headwise.schedules.runtime.Footprint;
import org.headwise.schedules.runtime.Storage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The file of a comparison, version 1, as {@code docs/formats/comparison.md} describes it. */
public final class ComparisonJson {
    /** The value of {@code format}. */
    public static final String FORMAT = "headwise-comparison";

    public static final int VERSION = 1;

    private ComparisonJson() {}

    /**
     * The whole document.
     *
     * @param rows batch rows that bytes are of
     * @param tolerance up to which a schedule equals the reference, as a share
     */
    public static ObjectNode write(ScheduleComparison comparison, int rows, double tolerance, Provenance provenance) {
        ObjectNode out = Json.object().put("format", FORMAT).put("version", VERSION);
        out.set("geometry", GeometryJson.write(comparison.geometry()));
        out.put("rows", rows).put("tolerance", tolerance);
        out.set("counted", comparison.counted().map(ComparisonJson::counted).orElse(null));
        numbers(out, "steps", comparison.axes().steps());
        ArrayNode sources = out.putArray("sources");
        comparison
                .axes()
                .sources()
                .forEach(s -> sources.addObject()
                        .put("name", s.name())
                        .put("first_token", s.from())
                        .put("tokens", s.to() - s.from()));
        ArrayNode schedules = out.putArray("schedules");
        for (int i = 0; i < comparison.schedules().size(); i++) {
            schedules.add(schedule(comparison, i, rows, tolerance));
        }
        ArrayNode overlaps = out.putArray("overlaps");
        comparison.pairs().forEach(pair -> overlaps.add(overlap(comparison, pair)));
        out.set("provenance", ProvenanceJson.write(provenance));
        return out;
    }

    private static ObjectNode counted(Counted counted) {
        return Json.object()
                .put("model", counted.model())
                .put("prompt_set", counted.promptSet())
                .put("prompts", counted.prompts())
                .put("rows", counted.rows())
                .put("storage", counted.storage());
    }

    private static ObjectNode schedule(ScheduleComparison comparison, int index, int rows, double tolerance) {
        Compared one = comparison.schedules().get(index);
        ObjectNode out = Json.object()
                .put("name", one.name())
                .put("file", one.file())
                .put("method", one.schedule().method());
        ObjectNode parameters = out.putObject("parameters");
        one.schedule().parameters().forEach(parameters::put);
        out.putObject("budget")
                .put("share", one.schedule().budget().share())
                .put("meaning", one.schedule().budget().meaning().name().toLowerCase(Locale.ROOT));
        ObjectNode meanings = FootprintJson.write(one.footprint(), rows);
        for (Footprint.Meaning meaning : Footprint.Meaning.values()) {
            double difference = comparison.difference(index, meaning);
            ((ObjectNode) meanings.get(FootprintJson.name(meaning)))
                    .put("difference", difference)
                    .put("equal", difference <= tolerance);
        }
        out.set("meanings", meanings);
        comparison
                .counted()
                .ifPresent(counted ->
                        out.put("counted_peak_bytes", counted.peakBytes().get(index)));
        out.set("ledger", ledger(one.footprint()));
        out.set("kept", kept(comparison, one.kept()));
        return out;
    }

    /** Tokens over all layers and kv heads of one batch row; slots are those that pages have room for. */
    private static ObjectNode ledger(Footprint footprint) {
        ObjectNode out = Json.object();
        TokenLedger tokens = footprint.tokens();
        numbers(out, "peak_tokens", tokens.peak());
        numbers(out, "attended_tokens", tokens.attended());
        numbers(out, "end_tokens", tokens.end());
        numbers(out, "peak_slots", footprint.slots().peak());
        numbers(out, "end_slots", footprint.slots().end());
        Ledger bytes = footprint.allocated(1, Storage.BF16);
        numbers(out, "allocated_bf16_bytes_per_row", bytes.peakBytes());
        return out;
    }

    private static ObjectNode kept(ScheduleComparison comparison, KeptCells kept) {
        int steps = comparison.axes().steps().size();
        int sources = comparison.axes().sources().size();
        int layers = comparison.geometry().layers();
        int heads = comparison.geometry().kvHeads();
        int all = KeptCells.ALL;
        ObjectNode out = Json.object();
        bounds(out, "by_step", steps, s -> kept.at(s, all, all, all));
        ArrayNode layer = out.putArray("by_step_and_layer");
        ArrayNode source = out.putArray("by_step_and_source");
        ArrayNode head = out.putArray("by_step_layer_and_head");
        for (int step = 0; step < steps; step++) {
            int s = step;
            bounds(layer.addObject(), null, layers, l -> kept.at(s, all, l, all));
            bounds(source.addObject(), null, sources, c -> kept.at(s, c, all, all));
            bounds(head.addObject(), null, layers * heads, h -> kept.at(s, all, h / heads, h % heads));
        }
        ArrayNode last = out.putArray("last_by_source_layer_and_head");
        for (int c = 0; c < sources; c++) {
            int of = c;
            bounds(last.addObject(), null, layers * heads, h -> kept.at(steps - 1, of, h / heads, h % heads));
        }
        return out;
    }

    /** Arrays {@code full}, {@code least} and, where it differs, {@code most}. */
    private static void bounds(ObjectNode into, String name, int count, IntFunction<Kept> cells) {
        ObjectNode out = name == null ? into : into.putObject(name);
        List<Kept> all = IntStream.range(0, count).mapToObj(cells).toList();
        numbers(out, "full", all.stream().map(Kept::full).toList());
        numbers(out, "least", all.stream().map(Kept::least).toList());
        if (!all.stream().allMatch(Kept::isExact)) {
            numbers(out, "most", all.stream().map(Kept::most).toList());
        }
    }

    private static ObjectNode overlap(ScheduleComparison comparison, PairOverlap pair) {
        ObjectNode out = Json.object()
                .put("first", comparison.schedules().get(pair.first()).name())
                .put("second", comparison.schedules().get(pair.second()).name());
        out.set("last", index(pair.last()));
        out.set("all_steps", index(pair.allSteps()));
        indices(out.putArray("by_step"), pair.steps());
        indices(out.putArray("last_by_layer"), pair.layers());
        indices(out.putArray("last_by_source"), pair.sources());
        ArrayNode heads = out.putArray("last_by_layer_and_head");
        pair.heads().forEach(layer -> indices(heads.addArray(), layer));
        return out;
    }

    private static void indices(ArrayNode into, List<Overlap> overlaps) {
        overlaps.forEach(overlap -> into.add(index(overlap)));
    }

    /** A number; an array of the least and the most where that is all that is known; null where nothing is held. */
    private static JsonNode index(Overlap overlap) {
        if (Double.isNaN(overlap.least())) {
            return Json.mapper().nullNode();
        }
        return overlap.least() == overlap.most()
                ? Json.mapper().valueToTree(overlap.least())
                : Json.mapper().createArrayNode().add(overlap.least()).add(overlap.most());
    }

    private static void numbers(ObjectNode out, String name, List<? extends Number> values) {
        ArrayNode array = out.putArray(name);
        Function<Number, JsonNode> plain = number -> number.doubleValue() == Math.rint(number.doubleValue())
                ? Json.mapper().valueToTree(number.longValue())
                : Json.mapper().valueToTree(number);
        values.forEach(value -> array.add(plain.apply(value)));
    }
}
