package org.headwise.schedules.conform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A manifest to replay.
 *
 * @param id name for messages until the manifest itself is read
 * @param kind likewise
 * @param index the index beside it, or a missing node
 */
record FoundCase(Path manifest, String id, String kind, JsonNode index) {
    private static final String INDEX = "index.json";

    /**
     * The cases of a folder: what its index lists, and every other JSON file that names a kind or has a safetensors file
     * of the same name.
     */
    static Collection<FoundCase> in(Path path) {
        if (Files.isRegularFile(path)) {
            return List.of(new FoundCase(
                    path, stem(path), "?", index(path.toAbsolutePath().getParent())));
        }
        if (!Files.isDirectory(path)) {
            throw InputRefused.in(path, "no such folder of recorded cases");
        }
        JsonNode index = index(path);
        Map<Path, FoundCase> found = new LinkedHashMap<>();
        if (index.isMissingNode() && Files.isRegularFile(path.resolve(INDEX))) {
            found.put(path.resolve(INDEX), new FoundCase(path.resolve(INDEX), INDEX, "?", index));
        }
        for (JsonNode entry : index.path("cases")) {
            String name = entry.path("manifest").asString("");
            Path manifest = path.resolve(name).normalize();
            if (!name.isEmpty() && manifest.startsWith(path.normalize())) {
                String id = entry.path("id").asString(stem(manifest));
                found.put(
                        manifest, new FoundCase(manifest, id, entry.path("kind").asString("?"), index));
            }
        }
        for (Path manifest : manifests(path)) {
            found.putIfAbsent(manifest.normalize(), new FoundCase(manifest, stem(manifest), "?", index));
        }
        return found.values();
    }

    private static JsonNode index(Path folder) {
        Path file = folder.resolve(INDEX);
        if (!Files.isRegularFile(file)) {
            return MissingNode.getInstance();
        }
        try {
            return Json.read(file);
        } catch (InputRefused e) {
            // The manifests beside a broken index can still be judged; the index itself becomes a failed case.
            return MissingNode.getInstance();
        }
    }

    private static List<Path> manifests(Path folder) {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .filter(file -> !file.getFileName().toString().equals(INDEX))
                    .filter(FoundCase::isManifest)
                    .sorted()
                    .forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be listed: " + e.getMessage(), e);
        }
        return found;
    }

    private static boolean isManifest(Path file) {
        if (Files.isRegularFile(file.resolveSibling(stem(file) + ".safetensors"))) {
            return true;
        }
        try {
            return Json.read(file).path("kind").isString();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceAll("\\.json$", "");
    }
}
