package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Released models on the command line. */
class ModelPlacesTest {
    private static final String MINI =
            BundledModels.find("infinity-mini").orElseThrow().toString();

    @TempDir
    Path folder;

    @Test
    void aNamedFolderDrawsWhatTheBundledModelDraws() throws IOException {
        assertDraws("plain", "infinity-mini");
        assertDraws("given", "infinity-125m", "--weights", "infinity-125m=" + MINI);
        assertDraws(
                "parts",
                "infinity-125m",
                "--weights=infinity-125m.transformer=" + MINI + "/infinity.safetensors",
                "--weights=infinity-125m.vae=" + MINI + "/vae.safetensors",
                "--weights=infinity-125m.text_encoder=" + MINI + "/text_encoder");
        assertDraws("settings", "infinity-125m", "--models", settings("infinity-125m = '" + MINI + "'"));
        byte[] plain = Files.readAllBytes(folder.resolve("plain/00001.png"));
        for (String other : new String[] {"given", "parts", "settings"}) {
            assertArrayEquals(plain, Files.readAllBytes(folder.resolve(other + "/00001.png")), other);
        }
    }

    private void assertDraws(String out, String... model) {
        String[] arguments = new String[model.length + 5];
        arguments[0] = "generate";
        System.arraycopy(model, 0, arguments, 1, model.length);
        arguments[model.length + 1] = "--prompt";
        arguments[model.length + 2] = "a red circle";
        arguments[model.length + 3] = "--out";
        arguments[model.length + 4] = folder.resolve(out).toString();
        Run run = Run.of(arguments);
        assertEquals(0, run.code(), run.err());
    }

    @Test
    void aReleasedModelWithoutAPlaceIsRefusedWithWhatItNeeds() throws IOException {
        Run run = generate("infinity-2b", "--models", settings(""));
        assertEquals(3, run.code());
        assertEquals(
                "headwise: model \"infinity-2b\": nobody said where its files are; say --weights infinity-2b=DIR, or"
                        + " infinity-2b = \"DIR\" in " + folder.resolve("models.toml")
                        + ", where DIR has FoundationVision/Infinity/infinity_2b_reg.pth,"
                        + " FoundationVision/Infinity/infinity_vae_d32reg.pth, google/flan-t5-xl,"
                        + " google/flan-t5-xl/tokenizer.json\n",
                run.err());
    }

    @Test
    void aPlaceThatIsNotThereIsRefused() throws IOException {
        String gone = folder.resolve("gone").toString();
        Run run = generate("var-d16", "--models", settings("var-d16 = '" + gone + "'"));
        assertEquals(3, run.code());
        assertEquals("headwise: " + gone + ": there is no such folder, where var-d16 should be\n", run.err());
        assertEquals(3, generate("var-d16", "--models", gone).code());
    }

    @Test
    void weightsOfAnotherModelAreRefused() {
        Run run = generate("infinity-mini", "--weights", "infinity-2b=" + folder);
        assertEquals(3, run.code());
        assertEquals("headwise: --weights names infinity-2b, but the model is infinity-mini\n", run.err());
    }

    @Test
    void aMistypedOptionIsAUsageError() {
        assertUsage("BF16", "(number formats are given with --dtype)");
        assertUsage("infinity-3b=x", "\"infinity-3b\" is no model that is known");
        assertUsage("infinity-2b.weights=x", "\"weights\" is no part of a model");
        assertUsage("infinity-2b=", "expected NAME=DIR");
    }

    private void assertUsage(String value, String problem) {
        Run run = generate("infinity-2b", "--weights", value);
        assertEquals(2, run.code(), run.err());
        assertTrue(run.err().contains(problem), run.err());
    }

    @Test
    void theListingSaysWhatIsWhere() throws IOException {
        String models = settings("infinity-125m = '" + MINI + "'\nvar-d16 = '" + folder + "'\nvar-d20 = 'gone'");
        JsonNode json =
                Json.parse(Run.of("models", "--json", "--models", models).out(), "stdout");
        assertEquals("complete", row(json, "infinity-125m").get("files_are").asString());
        assertEquals(
                "incomplete: no transformer, vae",
                row(json, "var-d16").get("files_are").asString());
        assertEquals(
                "not there: " + folder.resolve("gone"),
                row(json, "var-d20").get("files_are").asString());
        assertEquals("not configured", row(json, "var-d24").get("files_are").asString());
        JsonNode vae = row(json, "infinity-125m").get("files").get(1);
        assertEquals("vae", vae.get("part").asString());
        assertEquals(
                "FoundationVision/Infinity/infinity_vae_d16.pth",
                vae.get("on_hub").asString());
        assertEquals(MINI + "/vae.safetensors", vae.get("place").asString());
        assertTrue(row(json, "var-d24").get("files").get(0).get("place").isNull());
    }

    /** The names of files are those that people download: a change of this listing is a change of the interface. */
    @Test
    void theListingOfReleasedFilesIsTheRecordedOne() throws IOException {
        String out = Run.of("models", "--models", settings("")).out();
        try (InputStream recorded = ModelPlacesTest.class.getResourceAsStream("released-models.txt")) {
            assertEquals(
                    new String(recorded.readAllBytes(), StandardCharsets.UTF_8),
                    out.substring(out.indexOf("\n\n") + 2));
        }
    }

    private static JsonNode row(JsonNode json, String name) {
        for (JsonNode row : json) {
            if (row.get("name").asString().equals(name)) {
                return row;
            }
        }
        throw new AssertionError(name + " is not listed");
    }

    private String settings(String toml) throws IOException {
        return Files.writeString(folder.resolve("models.toml"), toml).toString();
    }

    private Run generate(String model, String... options) {
        String[] arguments = new String[options.length + 6];
        arguments[0] = "generate";
        arguments[1] = model;
        arguments[2] = "--prompt";
        arguments[3] = "a red circle";
        arguments[4] = "--out";
        arguments[5] = folder.resolve("out").toString();
        System.arraycopy(options, 0, arguments, 6, options.length);
        return Run.of(arguments);
    }
}
