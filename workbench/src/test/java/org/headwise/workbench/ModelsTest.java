package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.KnownModels;
import org.headwise.model.infinity.InfinityGeometries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelsTest {
    @Test
    void listsBundledModelsAndReleasedGeometries() {
        JsonNode json = Json.parse(Run.of("models", "--json").out(), "stdout");
        List<String> names = new ArrayList<>();
        json.forEach(row -> names.add(row.get("name").asString()));
        List<String> expected = new ArrayList<>(BundledModels.names());
        KnownModels.all().forEach(model -> expected.add(model.name()));
        InfinityGeometries.names().stream()
                .filter(name -> !expected.contains(name))
                .forEach(expected::add);
        assertEquals(expected, names);
    }

    @Test
    void theCacheOfTheReleased2bModelIsThatOfItsPaper() {
        JsonNode json = Json.parse(Run.of("models", "--json").out(), "stdout");
        Geometry geometry = InfinityGeometries.get("infinity-2b");
        for (JsonNode row : json) {
            if (row.get("name").asString().equals("infinity-2b")) {
                // 32 layers, 2048 numbers wide, keys and values of 2 bytes, 10,521 tokens.
                assertEquals(
                        10521L * 32 * 2048 * 2 * 2, row.get("full_cache_bytes").asLong());
                assertEquals(geometry.fingerprint(), row.get("fingerprint").asString());
                return;
            }
        }
        throw new AssertionError("infinity-2b is not listed");
    }

    @Test
    void describesOneModel() {
        Run run = Run.of("models", "infinity-mini");
        assertEquals(0, run.code(), run.err());
        assertEquals(2, run.out().lines().count());
        String folder = BundledModels.find("infinity-mini").orElseThrow().toString();
        String row = Json.parse(Run.of("models", folder, "--json").out(), "stdout")
                .get(0)
                .get("fingerprint")
                .asString();
        assertTrue(run.out().contains(row), run.out());
    }

    @Test
    void anUnknownModelIsRefusedWithTheNamesThereAre(@TempDir Path folder) {
        Run run = Run.of("models", folder.resolve("none").toString());
        assertEquals(3, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().contains("infinity-mini"), run.err());
    }

    @Test
    void aFolderThatIsNoModelIsRefused(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("config.json"), "{\"family\": \"pixels\"}");
        Run run = Run.of("models", folder.toString());
        assertEquals(3, run.code());
        assertTrue(run.err().contains("pixels"), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
    }
}
