package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class GenerateTest {
    private static final String CIRCLE = "a large red circle in the center on a white background";
    private static final String RING = "a small blue ring in the top left on a gray background";

    @Test
    void drawsWhatTheModelDraws(@TempDir Path folder) throws Exception {
        String out = folder.resolve("images").toString();
        Run run = Run.of(
                "generate",
                "--prompt",
                CIRCLE,
                "--prompt",
                RING,
                "--seed",
                "5",
                "--cfg",
                "2.5",
                "--top-k",
                "0",
                "--out",
                out);
        assertEquals(0, run.code(), run.err());
        assertEquals("", run.out());
        JsonNode list = Json.read(Path.of(out, "images.json"));
        assertEquals(2.5, list.get("guidance").asDouble());
        assertEquals(0.97f, (float) list.get("top_p").asDouble());
        assertEquals(RING, list.get("images").get(1).get("prompt").asString());
        assertEquals(6, list.get("images").get(1).get("seed").asLong());
        try (Engine engine = Engine.vector(1);
                ImageModel model =
                        Models.open(BundledModels.find("infinity-mini").orElseThrow(), engine, DType.F32);
                FullCache cache = new FullCache()) {
            Request request = Request.of(List.of(RING), List.of(6L), new Sampling(2.5f, 1, 0, 0.97f));
            assertArrayEquals(
                    model.generate(request, cache, null).images().getFirst().png(),
                    Files.readAllBytes(Path.of(out, "00002.png")));
        }
    }

    @Test
    void promptsComeFromAFileOrTheCommandLineButNotBoth(@TempDir Path folder) {
        String out = folder.resolve("images").toString();
        assertEquals(2, Run.of("generate", "--out", out).code());
        assertEquals(
                2,
                Run.of("generate", "--prompt", CIRCLE, "--prompts", "everyday", "--out", out)
                        .code());
        assertFalse(Files.exists(Path.of(out)));
    }

    @Test
    void impossibleSamplingIsAUsageError(@TempDir Path folder) {
        for (String option : List.of("--tau=0", "--tau=nan", "--top-p=1.5", "--top-k=-1", "--cfg=x", "--dtype=I8")) {
            Run run = Run.of("generate", "--prompt", CIRCLE, "--out", folder.toString(), option);
            assertEquals(2, run.code(), option);
            assertTrue(run.err().contains(option.substring(0, option.indexOf('='))), run.err());
        }
    }

    @Test
    void aMissingPromptFileIsRefusedAndNothingIsWritten(@TempDir Path folder) {
        String out = folder.resolve("images").toString();
        Run run = Run.of("generate", "--prompts", folder.resolve("none.txt").toString(), "--out", out);
        assertEquals(3, run.code());
        assertTrue(run.err().contains("none.txt"), run.err());
        assertFalse(Files.exists(Path.of(out)));
    }
}
