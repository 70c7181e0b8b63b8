package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.files.Json;
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
        assertEquals(8, json.get("changes").size(), run.out());
    }

    @Test
    void whatIsNeitherAModelNorARunIsRefused() {
        Run run = Run.of("doctor", "var-d16", "--models", folder.resolve("none").toString());
        assertEquals(3, run.code());
        assertEquals(4, Run.of("doctor", folder.toString()).code());
    }
}
