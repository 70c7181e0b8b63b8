package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headwise.analysis.Landmarks;
import org.headwise.analysis.Profile;
import org.headwise.analysis.TokenMaps;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.RunFolder;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A class-conditional LlamaGen model folder from calibration to report; its weights are those of a recorded case. */
class LlamaGenWorkbenchTest {
    private static final int LAYERS = 3;
    private static final int HEADS = 3;
    private static final int TOKENS = 36;

    @TempDir
    static Path folder;

    private static Path model;
    private static Path run;

    @BeforeAll
    static void calibrate() throws IOException {
        model = Files.createDirectories(folder.resolve("model"));
        copy("llamagen_c2i_a.pt", model.resolve("c2i.pt"));
        decoder(128, model.resolve("vq.safetensors"));
        Files.writeString(
                model.resolve("config.json"),
                "{\"family\": \"llamagen\", \"heads\": 3, \"grid\": [6, 6], \"transformer\": \"c2i.pt\","
                        + " \"vae_file\": \"vq.safetensors\"}");
        Path classes = Files.writeString(folder.resolve("classes.txt"), "2\n9\n");
        run = folder.resolve("run");
        done(
                "calibrate",
                model.toString(),
                "--prompts",
                classes.toString(),
                "--cfg",
                "3",
                "--top-k",
                "1",
                "--map-tokens",
                "0:0,2:3,5:4",
                "--out",
                run.toString());
    }

    private static Path copy(String resource, Path to) throws IOException {
        try (InputStream in = LlamaGenWorkbenchTest.class.getResourceAsStream(resource)) {
            Files.copy(in, to);
        }
        return to;
    }

    /** The image decoder of the Janus mini under LlamaGen's names, with its first codes. */
    private static void decoder(int codes, Path file) {
        String prefix = "gen_vision_model.";
        Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
        Path mini = BundledModels.find("janus-mini").orElseThrow().resolve("model.safetensors");
        try (Checkpoint janus = Checkpoints.open(mini)) {
            for (String name : janus.names()) {
                if (name.startsWith(prefix)) {
                    StoredTensor tensor = janus.get(name);
                    long[] shape = tensor.shape().clone();
                    float[] numbers = tensor.toFloats();
                    if (name.endsWith("quantize.embedding.weight")) {
                        shape[0] = codes;
                        numbers = Arrays.copyOf(numbers, codes * (int) shape[1]);
                    }
                    tensors.put(name.substring(prefix.length()), SafetensorsWriter.Entry.f32(numbers, shape));
                }
            }
        }
        SafetensorsWriter.write(file, tensors, Map.of());
    }

    private static Run done(String... arguments) {
        Run run = Run.of(arguments);
        assertEquals(0, run.code(), run.err());
        return run;
    }

    /** The recorded images are drawn greedily of the same classes: their attention is that of the run. */
    @Test
    void tokenMapsAreTheAttentionOfTheOriginalProgram() throws IOException {
        Profile profile = Profile.of(RunFolder.open(run));
        assertEquals(2, profile.prompts());
        TokenMaps maps = profile.statistic(TokenMaps.class);
        assertEquals(List.of(0, 15, 34), maps.tokens().tokens());
        double[] recorded;
        try (Checkpoint checkpoint =
                Checkpoints.open(copy("llamagen_c2i_a.safetensors", folder.resolve("recorded.safetensors")))) {
            assertArrayEquals(
                    new long[] {TOKENS, LAYERS, 4, HEADS, TOKENS},
                    checkpoint.get("attn").shape());
            recorded = checkpoint.get("attn").toDoubles();
        }
        for (int token : maps.tokens().tokens()) {
            for (int layer = 0; layer < LAYERS; layer++) {
                for (int head = 0; head < HEADS; head++) {
                    for (Guidance guidance : Guidance.values()) {
                        // Of four rows the first two are conditional; position 0 is the class.
                        int row = guidance == Guidance.CONDITIONAL ? 0 : 2;
                        int first = ((((token + 1) * LAYERS + layer) * 4 + row) * HEADS + head) * TOKENS;
                        int second = first + HEADS * TOKENS;
                        double[] expected = new double[token + 1];
                        Arrays.setAll(expected, k -> (recorded[first + 1 + k] + recorded[second + 1 + k]) / 2);
                        String what = "token " + token + ", layer " + layer + ", head " + head + ", " + guidance;
                        assertArrayEquals(expected, maps.map(layer, head, guidance, token), 1e-5, what);
                        assertEquals(
                                (recorded[first] + recorded[second]) / 2,
                                maps.promptMass(layer, head, guidance, token),
                                1e-5,
                                what);
                    }
                }
            }
        }
    }

    @Test
    void theClassIsAllOfThePrompt() {
        Profile profile = Profile.of(RunFolder.open(run));
        Landmarks landmarks = profile.statistic(Landmarks.class);
        for (int row = 0; row < 6; row++) {
            assertEquals(
                    landmarks.massByRow(Landmarks.Place.FIRST_TOKEN, 1, 2, Guidance.CONDITIONAL)[row],
                    landmarks.massByRow(Landmarks.Place.PROMPT, 1, 2, Guidance.CONDITIONAL)[row],
                    1e-6);
        }
    }

    @Test
    void itIsAnalyzedPlannedEvaluatedAndReported() throws IOException {
        JsonNode analyzed = Json.parse(done("analyze", run.toString(), "--json").out(), "stdout");
        assertEquals(LAYERS * HEADS, analyzed.get("heads").size());
        Path schedule = folder.resolve("ssd.json");
        done("schedule", "ssd", run.toString(), "--budget", "50%", "--out", schedule.toString());
        Path others = Files.writeString(folder.resolve("others.txt"), "1\n5\n");
        Path evaluation = folder.resolve("evaluation");
        JsonNode measured = Json.parse(
                done(
                                "evaluate",
                                model.toString(),
                                "--schedule",
                                schedule.toString(),
                                "--prompts",
                                others.toString(),
                                "--out",
                                evaluation.toString(),
                                "--json")
                        .out(),
                "stdout");
        assertEquals(2, measured.size(), "the full cache and the schedule");
        assertTrue(measured.get(1).get("peak_share").asDouble() < 60, measured.toString());
        Path report = folder.resolve("report.html");
        done("report", run.toString(), "--schedule", schedule.toString(), "--out", report.toString());
        String page = Files.readString(report);
        assertTrue(page.contains("<section id=\"token-maps\">"));
        assertTrue(page.contains("Row 5, column 4<"), "a chosen token");
        assertTrue(Files.exists(folder.resolve("report-data").resolve("token-maps.csv")));
    }

    @Test
    void whatIsNoClassIsRefused() throws IOException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "a red circle\n");
        Path out = folder.resolve("refused");
        Run refused = Run.of("calibrate", model.toString(), "--prompts", texts.toString(), "--out", out.toString());
        assertEquals(3, refused.code(), refused.err());
        assertTrue(refused.err().contains("class"), refused.err());
        assertFalse(Files.exists(out.resolve("COMMIT")));
    }
}
