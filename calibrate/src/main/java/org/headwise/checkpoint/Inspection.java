package org.headwise.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.tensor.DType;
import tools.jackson.databind.JsonNode;

/**
 * What lies at a path: every checkpoint with its format, tensors and recognised part of a model, and what a folder still
 * lacks to run as a model. Only headers and pickles are read, no weights.
 *
 * @param parts the checkpoints of the path and, for a folder, of the folders directly in it
 * @param refused files that look like checkpoints and cannot be read
 * @param family the model family of the parts, or of {@code config.json}; empty if unknown
 * @param missing what {@code generate} and {@code calibrate} need and the path does not have, in plain words; both run
 *     the whole model, so they need the same
 */
public record Inspection(Path path, List<Part> parts, List<Refused> refused, String family, List<String> missing) {
    private static final String[] ENDS = {".safetensors", ".pth", ".pt", ".bin"};

    /**
     * One checkpoint.
     *
     * @param format {@code safetensors}, {@code PyTorch zip} or {@code PyTorch legacy}, and how many shards if there is an
     *     index
     * @param kind the part of a model that it is
     * @param sizes layers, width, heads, head_dim and the like, as far as the tensors tell them
     * @param types tensors, elements and bytes by type
     * @param note what the file says of itself if its weights are made up, else empty
     */
    public record Part(
            Path file, String format, PartKind kind, Map<String, Long> sizes, Map<DType, Count> types, String note) {
        public long tensors() {
            return types.values().stream().mapToLong(Count::tensors).sum();
        }

        /** Numbers in all tensors. */
        public long elements() {
            return types.values().stream().mapToLong(Count::elements).sum();
        }

        /** Bytes of all tensors. */
        public long bytes() {
            return types.entrySet().stream()
                    .mapToLong(entry ->
                            entry.getValue().elements() * entry.getKey().bytes())
                    .sum();
        }
    }

    /** A file that cannot be read, and a sentence that says why. */
    public record Refused(Path file, String reason) {}

    /** How many tensors, and how many numbers in them. */
    public record Count(long tensors, long elements) {}

    /**
     * Looks at a path.
     *
     * @throws InputRefused if it is a file that is no checkpoint, or there is nothing at all
     */
    public static Inspection of(Path path) {
        List<Part> parts = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        if (!Files.isDirectory(path)) {
            parts.add(part(path));
        } else {
            for (Path folder : folders(path)) {
                for (Path file : checkpoints(folder)) {
                    try {
                        parts.add(part(file));
                    } catch (InputRefused e) {
                        refused.add(new Refused(file, e.getMessage()));
                    }
                }
            }
        }
        if (parts.isEmpty() && refused.isEmpty()) {
            throw InputRefused.in(
                    path, "the folder holds no checkpoint: no file ends with .safetensors, .pth, .pt or .bin");
        }
        String family = family(path, parts);
        return new Inspection(path, List.copyOf(parts), List.copyOf(refused), family, missing(path, family, parts));
    }

    private static Part part(Path file) {
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            Map<DType, Count> types = new EnumMap<>(DType.class);
            for (String name : checkpoint.names()) {
                TensorInfo tensor = checkpoint.describe(name);
                types.merge(
                        tensor.dtype(),
                        new Count(1, tensor.elements()),
                        (a, b) -> new Count(a.tensors + b.tensors, a.elements + b.elements));
            }
            PartKind kind = PartKind.of(checkpoint.names());
            String note = checkpoint.metadata().getOrDefault("synthetic", "");
            return new Part(file, format(file), kind, kind.sizes(checkpoint), types, note);
        }
    }

    private static String format(Path file) {
        FileContent content = FileContent.of(file);
        if (content != FileContent.JSON) {
            return content.format();
        }
        List<Path> shards = shards(file).stream().distinct().toList();
        return FileContent.of(shards.getFirst()).format() + ", " + shards.size()
                + (shards.size() == 1 ? " shard" : " shards");
    }

    private static List<Path> folders(Path path) {
        List<Path> folders = new ArrayList<>(List.of(path));
        try (Stream<Path> list = Files.list(path)) {
            list.filter(Files::isDirectory)
                    .filter(folder -> !folder.getFileName().toString().startsWith("."))
                    .sorted()
                    .forEach(folders::add);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " could not be listed: " + e.getMessage(), e);
        }
        return folders;
    }

    /** Indexes of shards, and the files that no index lists. */
    private static List<Path> checkpoints(Path folder) {
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be listed: " + e.getMessage(), e);
        }
        List<Path> found = new ArrayList<>();
        Set<Path> shards = new HashSet<>();
        for (Path file : files) {
            if (file.getFileName().toString().endsWith(".index.json")) {
                found.add(file);
                shards.addAll(shards(file));
            }
        }
        files.stream()
                .filter(file -> Stream.of(ENDS).anyMatch(file.getFileName().toString()::endsWith))
                .filter(file -> !shards.contains(file))
                .forEach(found::add);
        return found;
    }

    private static List<Path> shards(Path index) {
        try {
            return Json.read(index).path("weight_map").values().stream()
                    .map(file -> index.resolveSibling(Path.of(file.asString("")).getFileName()))
                    .toList();
        } catch (RuntimeException e) {
            // Opening the index says what is wrong with it.
            return List.of();
        }
    }

    private static String family(Path path, List<Part> parts) {
        JsonNode config = config(path);
        return parts.stream()
                .filter(part -> part.kind.role().startsWith("transformer"))
                .map(part -> part.kind.family())
                .findFirst()
                .orElse(config.path("family").asString(""));
    }

    /** Janus is released with a configuration that names no family. */
    private static boolean saysFamily(JsonNode config, String family) {
        return !family.isEmpty() && config.path("family").asString("").equals(family)
                || family.equals("janus")
                        && config.path("model_type").asString("").equals("multi_modality");
    }

    private static JsonNode config(Path path) {
        Path file = path.resolve("config.json");
        try {
            return Files.isRegularFile(file) ? Json.read(file) : Json.object();
        } catch (InputRefused e) {
            return Json.object();
        }
    }

    private static List<String> missing(Path path, String family, List<Part> parts) {
        List<String> missing = new ArrayList<>();
        if (!saysFamily(config(path), family)) {
            missing.add(
                    family.equals("janus")
                            ? "the model's config.json (\"model_type\": \"multi_modality\") beside the weights"
                            : "a config.json beside the weights with \"family\""
                                    + (family.isEmpty() ? "" : ": \"" + family + "\""));
        }
        if (parts.stream().noneMatch(part -> part.kind.role().startsWith("transformer"))) {
            missing.add("a transformer");
        }
        if (parts.stream().noneMatch(part -> part.kind.role().endsWith("image tokenizer"))) {
            missing.add("an image tokenizer");
        }
        boolean conditioned = family.equals("infinity");
        if (conditioned && parts.stream().noneMatch(part -> part.kind == PartKind.T5_ENCODER)) {
            missing.add("a T5 text encoder, in a folder of its own with its config.json");
        }
        boolean tokenizer = Files.isDirectory(path)
                && folders(path).stream().anyMatch(folder -> Files.isRegularFile(folder.resolve("tokenizer.json")));
        if ((conditioned || family.equals("janus")) && !tokenizer) {
            missing.add("the text tokenizer's tokenizer.json");
        }
        return List.copyOf(missing);
    }
}
