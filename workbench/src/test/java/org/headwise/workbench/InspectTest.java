package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class InspectTest {
    @Test
    void bundledModelsLackNothing() {
        for (String name : BundledModels.names()) {
            JsonNode json = Json.parse(Run.of("inspect", name, "--json").out(), "stdout");
            assertEquals(name, json.get("family").asString() + "-mini");
            assertEquals(0, json.get("missing_for_generate").size(), json.toString());
            assertTrue(json.get("runs_here").asBoolean());
            String models = Run.of("models", name, "--json").out();
            assertEquals(
                    Json.parse(models, "stdout").get(0).get("fingerprint").asString(),
                    json.get("fingerprint").asString());
        }
        Run run = Run.of("inspect", "infinity-mini");
        assertEquals(0, run.code(), run.err());
        for (String part : new String[] {
            "infinity transformer", "infinity image tokenizer", "t5 text encoder", "missing for calibrate: nothing"
        }) {
            assertTrue(run.out().contains(part), run.out());
        }
    }

    @Test
    void whatIsNoCheckpointIsRefused(@TempDir Path folder) throws Exception {
        Path page = Files.writeString(folder.resolve("model.pth"), "<!DOCTYPE html>");
        Run run = Run.of("inspect", page.toString());
        assertEquals(3, run.code());
        assertTrue(run.err().contains("HTML page"), run.err());
        Run inFolder = Run.of("inspect", folder.toString());
        assertEquals(0, inFolder.code(), inFolder.err());
        assertTrue(inFolder.out().contains("cannot be read: " + page), inFolder.out());
        assertEquals(3, Run.of("inspect", folder.resolve("none").toString()).code());
    }

    @Test
    void convertsAndReplacesOnlyWhenTold(@TempDir Path folder) {
        String in = BundledModels.find("infinity-mini")
                .orElseThrow()
                .resolve("vae.safetensors")
                .toString();
        String out = folder.resolve("vae.safetensors").toString();
        Run run = Run.of("convert", in, out, "--dtype", "bf16");
        assertEquals(0, run.code(), run.err());
        try (Checkpoint read = Checkpoints.open(Path.of(out))) {
            assertEquals(DType.BF16, read.get("decoder.conv_in.conv.bias").dtype());
        }
        assertEquals(3, Run.of("convert", in, out).code());
        assertEquals(0, Run.of("convert", in, out, "--force").code());
        assertEquals(3, Run.of("convert", out, out, "--force").code());
        assertEquals(2, Run.of("convert", in, out, "--dtype", "I8").code());
    }
}
