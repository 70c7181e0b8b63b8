package org.headwise.schedules.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.files.ProvenanceJson;
import org.headwise.files.SchemaVersion;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import org.headwise.schedules.evaluate.EvaluationResult.PromptResult;
import org.headwise.schedules.evaluate.EvaluationResult.VariantInfo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file of an evaluation, {@code headwise.evaluation/1.2}: {@code geometry}, {@code provenance}, {@code variants} and
 * {@code prompts}, each with the measures of the full cache and of every variant. A PSNR of null means that the pictures
 * are equal. Older versions are still read: 1.0 had no {@code alignment}, 1.1 no {@code processPeakBytes} and no
 * {@code meanings}.
 */
public final class EvaluationFile {
    private static final SchemaVersion SCHEMA = new SchemaVersion("headwise.evaluation", 1, 2);
    private static final Set<String> FIELDS = Set.of("schema", "geometry", "provenance", "variants", "prompts");
    private static final Set<String> MEASURES = Set.of(
            "psnr",
            "ssim",
            "agreement",
            "divergence",
            "peakBytes",
            "endBytes",
            "attentionSeconds",
            "seconds",
            "alignment",
            "processPeakBytes");

    private EvaluationFile() {}

    /** The text of the file. */
    public static String write(EvaluationResult result) {
        ObjectNode out = Json.object().put("schema", SCHEMA.toString());
        out.set("geometry", GeometryJson.write(result.geometry()));
        out.set("provenance", ProvenanceJson.write(result.provenance()));
        ArrayNode variants = out.putArray("variants");
        for (VariantInfo variant : result.variants()) {
            ObjectNode written = variants.addObject()
                    .put("name", variant.name())
                    .put("method", variant.method())
                    .put("budget", variant.budget());
            ObjectNode meanings = written.putObject("meanings");
            variant.meanings().forEach(meanings::put);
        }
        ArrayNode prompts = out.putArray("prompts");
        for (PromptResult prompt : result.prompts()) {
            ObjectNode entry = prompts.addObject()
                    .put("index", prompt.index())
                    .put("prompt", prompt.prompt())
                    .put("seed", prompt.seed());
            entry.set("full", write(prompt.full()));
            ObjectNode compressed = entry.putObject("compressed");
            prompt.compressed().forEach((name, fidelity) -> compressed.set(name, write(fidelity)));
        }
        return Json.pretty(out);
    }

    private static ObjectNode write(Fidelity fidelity) {
        ObjectNode out = Json.object();
        out.put("psnr", Double.isFinite(fidelity.psnr()) ? (Double) fidelity.psnr() : null);
        out.put("ssim", fidelity.ssim());
        fidelity.agreement().forEach(out.putArray("agreement")::add);
        fidelity.divergence().forEach(out.putArray("divergence")::add);
        out.put("peakBytes", fidelity.peakBytes());
        fidelity.endBytes().forEach(out.putArray("endBytes")::add);
        out.put("attentionSeconds", fidelity.attentionSeconds());
        out.put("seconds", fidelity.seconds());
        fidelity.processPeakBytes().ifPresent(bytes -> out.put("processPeakBytes", bytes));
        fidelity.alignment().ifPresent(alignment -> {
            ObjectNode written = out.putObject("alignment").put("attributes", alignment.attributes());
            alignment.wrong().forEach(written.putArray("wrong")::add);
        });
        return out;
    }

    /** Reads a file; what is missing, unknown or out of range is refused with its place. */
    public static EvaluationResult read(Path file) {
        JsonFields fields = JsonFields.of(Json.read(file), file.toString());
        SCHEMA.require(fields);
        fields.only(FIELDS);
        Geometry geometry = GeometryJson.read(fields.object("geometry"));
        List<VariantInfo> variants = new ArrayList<>();
        for (JsonFields variant : fields.objects("variants")) {
            variant.only(Set.of("name", "method", "budget", "meanings"));
            variants.add(new VariantInfo(
                    variant.text("name"),
                    variant.text("method"),
                    variant.number("budget"),
                    variant.has("meanings") ? meanings(variant.object("meanings")) : Map.of()));
        }
        List<PromptResult> prompts = new ArrayList<>();
        for (JsonFields prompt : fields.objects("prompts")) {
            prompts.add(prompt(prompt, geometry, variants));
        }
        return new EvaluationResult(geometry, ProvenanceJson.read(fields.object("provenance")), variants, prompts);
    }

    private static Map<String, Long> meanings(JsonFields fields) {
        Map<String, Long> tokens = new TreeMap<>();
        for (String name : fields.node().propertyNames()) {
            tokens.put(name, fields.whole(name, 0, Long.MAX_VALUE));
        }
        return tokens;
    }

    private static PromptResult prompt(JsonFields fields, Geometry geometry, List<VariantInfo> variants) {
        fields.only(Set.of("index", "prompt", "seed", "full", "compressed"));
        Map<String, Fidelity> compressed = new TreeMap<>();
        for (VariantInfo variant : variants) {
            compressed.put(variant.name(), fidelity(fields.object("compressed").object(variant.name()), geometry));
        }
        return new PromptResult(
                (int) fields.whole("index", 0, Integer.MAX_VALUE),
                fields.text("prompt"),
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                fidelity(fields.object("full"), geometry),
                compressed);
    }

    private static Fidelity fidelity(JsonFields fields, Geometry geometry) {
        fields.only(MEASURES);
        boolean equal = fields.has("psnr") && fields.node().get("psnr").isNull();
        return new Fidelity(
                equal ? Double.POSITIVE_INFINITY : fields.number("psnr"),
                fields.number("ssim"),
                numbers(fields, "agreement", geometry),
                numbers(fields, "divergence", geometry),
                fields.whole("peakBytes", 0, Long.MAX_VALUE),
                numbers(fields, "endBytes", geometry).stream()
                        .map(Double::longValue)
                        .toList(),
                fields.number("attentionSeconds"),
                fields.number("seconds"),
                fields.has("alignment") ? Optional.of(alignment(fields.object("alignment"))) : Optional.empty(),
                fields.has("processPeakBytes")
                        ? OptionalLong.of(fields.whole("processPeakBytes", 0, Long.MAX_VALUE))
                        : OptionalLong.empty());
    }

    private static Alignment alignment(JsonFields fields) {
        fields.only(Set.of("attributes", "wrong"));
        int attributes = (int) fields.whole("attributes", 1, Integer.MAX_VALUE);
        List<String> wrong = fields.texts("wrong");
        if (wrong.size() > attributes) {
            throw fields.refuse("wrong", "found " + wrong.size() + " names, expected at most " + attributes);
        }
        return new Alignment(attributes, wrong);
    }

    private static List<Double> numbers(JsonFields fields, String name, Geometry geometry) {
        List<JsonNode> array = fields.array(name);
        if (array.size() != geometry.steps().size() || !array.stream().allMatch(JsonNode::isNumber)) {
            throw fields.refuse(
                    name, "expected " + geometry.steps().size() + " numbers, one for each step of the geometry");
        }
        return array.stream().map(JsonNode::asDouble).toList();
    }
}
