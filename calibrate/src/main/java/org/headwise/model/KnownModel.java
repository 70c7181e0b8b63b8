package org.headwise.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A released model: its shape and the files that it is released as.
 *
 * @param name for example {@code infinity-2b}
 * @param geometry at the resolution of the release, or at the one that was asked for
 * @param config what a {@code config.json} of a model folder would say
 * @param files what generating and calibrating need, all of it
 */
public record KnownModel(String name, String family, Geometry geometry, JsonNode config, List<KnownFile> files) {
    /**
     * One file or folder.
     *
     * @param repository on the Hugging Face hub
     * @param names under which it is looked for in a model folder; the first is the name on the hub
     */
    public record KnownFile(ModelPart part, String repository, List<String> names) {
        /** Repository and name on the hub; that of a text encoder is the whole repository. */
        public String onHub() {
            return part == ModelPart.TEXT_ENCODER ? repository : repository + "/" + names.getFirst();
        }
    }

    /**
     * Where the parts of this model lie in a folder.
     *
     * @param folder the folder that all were downloaded to, or null
     * @param given parts whose place is known already
     */
    public Map<ModelPart, Path> locate(Path folder, Map<ModelPart, Path> given) {
        Map<ModelPart, Path> found = new EnumMap<>(ModelPart.class);
        for (KnownFile file : files) {
            place(file, folder, given, found).ifPresent(path -> found.put(file.part(), path));
        }
        return found;
    }

    private static Optional<Path> place(
            KnownFile file, Path folder, Map<ModelPart, Path> given, Map<ModelPart, Path> found) {
        if (given.containsKey(file.part())) {
            return Optional.of(given.get(file.part())).filter(Files::exists);
        }
        Path text = found.get(ModelPart.TEXT_ENCODER);
        Path from = file.part() == ModelPart.TOKENIZER && text != null ? text : folder;
        return from == null
                ? Optional.empty()
                : file.names().stream().map(from::resolve).filter(Files::exists).findFirst();
    }

    /** What {@link #locate} did not find. */
    public List<KnownFile> missing(Map<ModelPart, Path> located) {
        return files.stream().filter(file -> !located.containsKey(file.part())).toList();
    }
}
