package org.headwise.calibrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.headwise.datasets.PromptSet;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.files.Provenance;
import org.headwise.files.ProvenanceJson;
import org.headwise.files.SchemaVersion;
import org.headwise.files.Sha256;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that decides the result of a calibration run: the content of {@code run.json}.
 *
 * @param model name of the model
 * @param prompts name and sha256 of the prompt source
 * @param seeds one per prompt, so also their number
 * @param statistics versions by name
 * @param provenance its inputs are the weights and the prompts; its command is the only part that may differ on resume
 */
public record RunDescription(
        String model,
        Geometry geometry,
        PromptSource prompts,
        List<Long> seeds,
        RunSampling sampling,
        SortedMap<String, Integer> statistics,
        Provenance provenance) {
    static final SchemaVersion SCHEMA = new SchemaVersion("headwise.run", 1, 0);

    /** Where the prompts came from. */
    public record PromptSource(String name, String sha256) {}

    public RunDescription {
        seeds = List.copyOf(seeds);
        statistics = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(statistics));
    }

    /**
     * Describes a run.
     *
     * @param weights the model's files: names relative to the model's folder, sizes and digests
     * @param seeds one per prompt
     * @param tool name and version of the program
     * @param command the command line as given
     */
    public static RunDescription of(
            String model,
            Geometry geometry,
            List<Provenance.Input> weights,
            PromptSet prompts,
            List<Long> seeds,
            RunSampling sampling,
            List<? extends Accumulator> statistics,
            String tool,
            List<String> command) {
        if (seeds.size() != prompts.prompts().size()) {
            throw new IllegalArgumentException(prompts.prompts().size() + " prompts but " + seeds.size() + " seeds");
        }
        SortedMap<String, Integer> versions = new TreeMap<>();
        for (Accumulator statistic : statistics) {
            if (!statistic.name().matches("[a-z][a-z0-9_-]*")
                    || versions.put(statistic.name(), statistic.version()) != null) {
                throw new IllegalArgumentException("\"" + statistic.name() + "\" cannot name another statistic");
            }
        }
        List<Provenance.Input> inputs = new ArrayList<>(weights);
        inputs.add(prompts.input());
        Provenance provenance = new Provenance(
                tool,
                command,
                settings(model, prompts.name(), seeds, sampling, versions, statistics),
                inputs,
                Map.of("prompts", (long) seeds.size(), "skipped_lines", prompts.skipped()));
        return new RunDescription(
                model,
                geometry,
                new PromptSource(prompts.name(), prompts.sha256()),
                seeds,
                sampling,
                versions,
                provenance);
    }

    /** Seeds for {@code count} prompts: {@code first}, {@code first} + 1, ... */
    public static List<Long> seedsFrom(long first, int count) {
        return IntStream.range(0, count).mapToObj(i -> first + i).toList();
    }

    ObjectNode write() {
        ObjectNode out = Json.object();
        out.put("schema", SCHEMA.toString());
        out.put("model", model);
        out.set("geometry", GeometryJson.write(geometry));
        out.putObject("prompts")
                .put("name", prompts.name())
                .put("sha256", prompts.sha256())
                .put("count", seeds.size());
        ArrayNode seedList = out.putArray("seeds");
        seeds.forEach(seedList::add);
        out.set("sampling", sampling.write());
        ObjectNode versions = out.putObject("statistics");
        statistics.forEach(versions::put);
        out.set("provenance", ProvenanceJson.write(provenance));
        return out;
    }

    static RunDescription read(JsonNode json, String origin) {
        JsonFields fields = JsonFields.of(json, origin);
        SCHEMA.require(fields);
        fields.only(Set.of("schema", "model", "geometry", "prompts", "seeds", "sampling", "statistics", "provenance"));
        JsonFields source = fields.object("prompts").only(Set.of("name", "sha256", "count"));
        List<Long> seeds = new ArrayList<>();
        for (JsonNode seed : fields.array("seeds")) {
            if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
                throw fields.refuse("seeds/" + seeds.size(), "expected a whole number of 64 bits");
            }
            seeds.add(seed.longValue());
        }
        if (seeds.isEmpty() || source.whole("count", 1, Integer.MAX_VALUE) != seeds.size()) {
            throw fields.refuse("seeds", "found " + seeds.size() + ", expected one per prompt");
        }
        JsonFields versionFields = fields.object("statistics");
        SortedMap<String, Integer> versions = new TreeMap<>();
        for (String name : versionFields.node().propertyNames()) {
            versions.put(name, (int) versionFields.whole(name, 0, Integer.MAX_VALUE));
        }
        return new RunDescription(
                fields.text("model"),
                GeometryJson.read(fields.object("geometry")),
                new PromptSource(source.text("name"), source.text("sha256")),
                seeds,
                RunSampling.read(fields.object("sampling")),
                versions,
                ProvenanceJson.read(fields.object("provenance")));
    }

    /** What must be equal for a run to be resumed: everything but the command line, which decides nothing by itself. */
    static JsonNode comparable(JsonNode run) {
        ObjectNode copy = (ObjectNode) Json.parse(Json.line(run), "run.json");
        if (copy.get("provenance") instanceof ObjectNode provenance) {
            provenance.remove("command");
        }
        return copy;
    }

    /** Digest of {@link #comparable}. */
    static String digest(JsonNode run) {
        return Sha256.of(Json.line(comparable(run)));
    }

    private static SortedMap<String, String> settings(
            String model,
            String prompts,
            List<Long> seeds,
            RunSampling sampling,
            SortedMap<String, Integer> versions,
            List<? extends Accumulator> statistics) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("model", model);
        settings.put("prompts", prompts);
        settings.put("limit", Integer.toString(seeds.size()));
        settings.put(
                "seeds",
                seeds.equals(seedsFrom(seeds.getFirst(), seeds.size()))
                        ? seeds.getFirst() + " to " + seeds.getLast()
                        : text(seeds));
        settings.put("guidance", text(sampling.guidance()));
        settings.put("temperature", text(sampling.temperature()));
        settings.put("guidance layers", text(sampling.guidanceLayers()));
        settings.put("top k", Integer.toString(sampling.topK()));
        settings.put("top p", Float.toString(sampling.topP()));
        settings.put("negative prompt", sampling.negativePrompt() == null ? "learnt" : sampling.negativePrompt());
        settings.put("statistics", String.join(",", versions.keySet()));
        statistics.forEach(statistic -> settings.putAll(statistic.settings()));
        return settings;
    }

    private static String text(List<?> values) {
        return String.join(",", values.stream().map(Object::toString).toList());
    }
}
