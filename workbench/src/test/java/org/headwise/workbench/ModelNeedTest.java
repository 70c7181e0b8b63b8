package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import org.headwise.memory.MemoryPlan;
import org.headwise.memory.ModelShapes;
import org.headwise.model.ModelSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What doctor says of models, and what commands refuse. */
class ModelNeedTest {
    @TempDir
    Path folder;

    @Test
    void aBundledModelFits() {
        Run run = Run.of("doctor", "infinity-mini");
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(run.out().contains("from its files"), run.out());
        assertTrue(run.out().endsWith("fits\n"), run.out());
    }

    @Test
    void aReleasedModelNeedsNoFilesAndSaysWhatWouldHelp() throws Exception {
        String settings = Files.writeString(folder.resolve("m.toml"), "").toString();
        Run run = Run.of("doctor", "infinity-8b", "--batch", "64", "--models", settings, "--json");
        assertEquals(4, run.code(), run.err());
        JsonNode json = Json.parse(run.out(), "stdout");
        assertFalse(json.get("fits").asBoolean());
        assertEquals("from the shapes of the release", json.get("origin").asString());
        // Two rows of 64 images, 40 layers of 3584 numbers, keys and values of 4 bytes, 10,521 tokens.
        long cache = 2L * 128 * 40 * 3584 * 4 * 10521;
        boolean found = false;
        for (JsonNode part : json.get("parts")) {
            found |= part.get("part").asString().equals("KV cache, full")
                    && part.get("bytes").asLong() == cache;
        }
        assertTrue(found, run.out());
        assertTrue(json.get("obstacles").get(0).asString().startsWith("the Java heap needs"), run.out());
        assertTrue(json.get("changes").get(0).asString().startsWith("--dtype BF16: "), run.out());
        assertTrue(json.get("changes").get(1).asString().startsWith("--dtype FILE: "), run.out());
        assertTrue(json.get("changes").get(2).asString().startsWith("--kv-dtype BF16: "), run.out());
        assertEquals(9, json.get("changes").size(), run.out());
    }

    @Test
    void weightsInTheirFileTakeNoMemory() {
        Run run = Run.of("doctor", "infinity-mini", "--dtype", "FILE", "--kv-dtype", "F16", "--json");
        assertEquals(0, run.code(), run.out() + run.err());
        JsonNode json = Json.parse(run.out(), "stdout");
        assertEquals("FILE", json.get("dtype").asString());
        JsonNode transformer = json.get("parts").get(0);
        assertEquals("transformer", transformer.get("part").asString());
        assertEquals(0, transformer.get("outside_bytes").asLong());
        assertTrue(transformer.get("mapped_bytes").asLong() > 0);
        // Two rows, keys and values of two bytes each.
        ModelShapes shapes = ModelShapes.of(
                ModelSource.of(BundledModels.find("infinity-mini").orElseThrow()));
        assertTrue(run.out().contains(": " + MemoryPlan.fullCache(shapes.geometry(), 2, 2)), run.out());
        Run text = Run.of("doctor", "infinity-mini", "--dtype", "FILE");
        assertTrue(text.out().contains("weights in their file, cache F32"), text.out());
        assertTrue(text.out().contains("which memory has room to keep"), text.out());
    }

    @Test
    void aLibraryHoldsAllMatricesAndLeavesNoneInFiles() {
        Run run = Run.of("doctor", "infinity-mini", "--backend", "nd4j", "--dtype", "BF16", "--json");
        assertEquals(0, run.code(), run.out() + run.err());
        JsonNode parts = Json.parse(run.out(), "stdout").get("parts");
        for (JsonNode part : parts) {
            assertEquals(0, part.get("mapped_bytes").asLong(), run.out());
        }
        assertEquals(
                3,
                Run.of("doctor", "infinity-mini", "--backend", "nd4j", "--dtype", "FILE")
                        .code());
    }

    @Test
    void whatIsNeitherAModelNorARunIsRefused() {
        Run run = Run.of("doctor", "var-d16", "--models", folder.resolve("none").toString());
        assertEquals(3, run.code());
        assertEquals(4, Run.of("doctor", folder.toString()).code());
    }
}
