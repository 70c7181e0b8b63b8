package org.headwise.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a model lies: a folder with {@code config.json} that names its files, or the files of a release wherever they are.
 *
 * @param folder the model's folder, or null if every part has a place of its own
 * @param config what the model's configuration says
 * @param origin where that was read, for messages
 * @param parts places that go before the names in the configuration; empty for a plain model folder
 */
public record ModelSource(Path folder, JsonNode config, String origin, Map<ModelPart, Path> parts) {
    public ModelSource {
        parts = Map.copyOf(parts);
    }

    /** A model folder, or a folder with the files of a release under their names on the hub. */
    public static ModelSource of(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw InputRefused.in(folder, "there is no such model folder");
        }
        Path file = folder.resolve("config.json");
        JsonNode json = Files.exists(file) ? Json.read(file) : Json.object();
        if (Models.family(json).isPresent()) {
            return new ModelSource(folder, json, file.toString(), Map.of());
        }
        return KnownModels.recognise(folder)
                .map(known -> of(known, folder, Map.of()))
                .orElseThrow(() -> Files.exists(file)
                        ? InputRefused.in(
                                file,
                                "the family is \"" + json.path("family").asString("")
                                        + "\" and the form is of none that is known, expected one of "
                                        + Models.families().stream()
                                                .map(ModelFamily::name)
                                                .toList())
                        : InputRefused.in(
                                folder,
                                "there is no config.json, and no transformer under the name of a release (see: headwise"
                                        + " models)"));
    }

    /**
     * A released model, all parts of which must be there.
     *
     * @param folder what was downloaded, or null
     * @param given parts that lie elsewhere
     */
    public static ModelSource of(KnownModel known, Path folder, Map<ModelPart, Path> given) {
        if (folder != null && !Files.isDirectory(folder)) {
            throw InputRefused.in(folder, "there is no such folder, where " + known.name() + " should be");
        }
        given.forEach((part, path) -> {
            if (!Files.exists(path)) {
                throw InputRefused.in(
                        path,
                        "there is no such file or folder, where the " + part.key() + " of " + known.name()
                                + " should be");
            }
        });
        Path own = given.getOrDefault(ModelPart.CONFIG, folder == null ? null : folder.resolve("config.json"));
        JsonNode json = own != null && Files.exists(own) ? Json.read(own) : Json.object();
        boolean described = Models.family(json)
                .filter(family -> family.name().equals(known.family()))
                .isPresent();
        ObjectNode config = Json.object();
        known.config().properties().forEach(entry -> config.set(entry.getKey(), entry.getValue()));
        Map<ModelPart, Path> places = new EnumMap<>(ModelPart.class);
        if (described) {
            json.properties().forEach(entry -> config.set(entry.getKey(), entry.getValue()));
            places.putAll(named(folder, json));
        }
        places.putAll(given);
        Map<ModelPart, Path> parts = known.locate(folder, places);
        List<KnownModel.KnownFile> missing = known.missing(parts);
        if (!missing.isEmpty()) {
            throw new InputRefused((folder == null ? known.name() : folder + ": " + known.name()) + " lacks "
                    + missing.stream()
                            .map(file -> "the " + file.part().key() + " (" + file.onHub() + ")")
                            .collect(Collectors.joining(", "))
                    + "; generate and calibrate need all of its files");
        }
        return new ModelSource(folder, config, described ? own.toString() : known.name(), parts);
    }

    /** Files that the folder's own configuration names go before those of the release. */
    private static Map<ModelPart, Path> named(Path folder, JsonNode json) {
        Map<ModelPart, Path> named = new EnumMap<>(ModelPart.class);
        Map<ModelPart, String> keys = Map.of(
                ModelPart.TRANSFORMER, "transformer",
                ModelPart.VAE, "vae_file",
                ModelPart.TEXT_ENCODER, "text_encoder");
        keys.forEach((part, key) -> {
            if (folder != null && json.path(key).isString()) {
                named.put(part, ModelFiles.existing(folder, json.path(key).stringValue()));
            }
        });
        return named;
    }

    /** The family that runs it. */
    public ModelFamily family() {
        return Models.family(config)
                .orElseThrow(() -> new InputRefused(origin + ": this is the configuration of no known family"));
    }

    /** The file or folder of a part: its own place, or the name that the configuration gives it in the folder. */
    public Path part(ModelPart part, String named) {
        return parts.containsKey(part) ? parts.get(part) : ModelFiles.existing(folder, named);
    }

    /** The text tokenizer: its own place, or beside the weights of the text encoder. */
    public Path tokenizer(Path textEncoder) {
        return parts.getOrDefault(ModelPart.TOKENIZER, textEncoder.resolve("tokenizer.json"));
    }
}
