package org.headwise.model.infinity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.datasets.BundledModels;
import org.headwise.datasets.Picture;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Generation;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The bundled mini from prompt to picture, against what PyTorch made of the same weights and prompts. */
class InfinityModelTest {
    private static final Path FOLDER = BundledModels.find("infinity-mini").orElseThrow();
    private static final Sampling SAMPLED = new Sampling(3, 1, 900, 0.97f);

    private static Engine engine;
    private static ImageModel model;

    @BeforeAll
    static void open() {
        engine = Engine.vector(2);
        model = Models.open(FOLDER, engine, DType.F32);
    }

    @AfterAll
    static void close() {
        model.close();
        engine.close();
    }

    @Test
    void drawsTheRecordedPictures() {
        JsonNode recorded = Json.read(FOLDER.resolve("recorded.json"));
        List<String> prompts = new ArrayList<>();
        recorded.get("prompts").forEach(prompt -> prompts.add(prompt.asString()));
        try (Checkpoint pictures = Checkpoints.open(FOLDER.resolve("recorded.safetensors"))) {
            for (int i = 0; i < prompts.size(); i++) {
                Picture picture = generate(List.of(prompts.get(i)), new Sampling(3, 1, 1, 0))
                        .images()
                        .getFirst();
                int[] expected = pictures.get(i + ".image_u8").toInts();
                int worst = 0;
                for (int at = 0; at < expected.length; at++) {
                    worst = Math.max(worst, Math.abs(expected[at] - (picture.rgb()[at] & 0xff)));
                }
                assertTrue(worst <= 1, prompts.get(i) + " differs by " + worst);
            }
        }
    }

    @Test
    void aBatchDrawsWhatItsPromptsDrawAlone() {
        List<String> prompts =
                List.of("a large red circle in the center on a white background", "a small blue cross in the left");
        Generation batch = generate(prompts, SAMPLED);
        for (int b = 0; b < 2; b++) {
            Request alone = Request.of(List.of(prompts.get(b)), List.of((long) b), SAMPLED);
            try (FullCache cache = new FullCache()) {
                Generation single = model.generate(alone, cache, null);
                for (int step = 0; step < single.ids().size(); step++) {
                    int[] own = single.ids().get(step);
                    int[] both = batch.ids().get(step);
                    int differ = 0;
                    for (int i = 0; i < own.length; i++) {
                        differ += own[i] == both[b * own.length + i] ? 0 : 1;
                    }
                    assertTrue(differ * 100 <= own.length, "prompt " + b + ", step " + step + ": " + differ + " bits");
                }
            }
        }
    }

    @Test
    void forcedBitsGiveTheLogitsOfTheRunThatMadeThem() {
        Request free = Request.of(List.of("a large green ring in the top"), List.of(7L), SAMPLED)
                .keepingLogits();
        try (FullCache cache = new FullCache()) {
            Generation first = model.generate(free, cache, null);
            Generation again = model.generate(free.forcing(first.ids()), cache, null);
            for (int step = 0; step < first.logits().size(); step++) {
                assertArrayEquals(first.logits().get(step), again.logits().get(step));
            }
            assertEquals(0, again.images().size());
        }
    }

    @Test
    void refusesAFolderThatIsNoModel(@TempDir Path folder) throws IOException {
        assertThrows(InputRefused.class, () -> Models.open(folder.resolve("absent"), engine, DType.F32));
        Files.writeString(folder.resolve("config.json"), "{\"family\": \"else\"}");
        InputRefused refused = assertThrows(InputRefused.class, () -> Models.open(folder, engine, DType.F32));
        assertTrue(refused.getMessage().contains("\"else\""), refused.getMessage());
        Files.writeString(folder.resolve("config.json"), "{\"family\": \"infinity\", \"vae_file\": \"../x\"}");
        assertThrows(InputRefused.class, () -> Models.open(folder, engine, DType.F32));
    }

    private static Generation generate(List<String> prompts, Sampling sampling) {
        List<Long> seeds = new ArrayList<>();
        for (long b = 0; b < prompts.size(); b++) {
            seeds.add(b);
        }
        try (FullCache cache = new FullCache()) {
            return model.generate(Request.of(prompts, seeds, sampling), cache, null);
        }
    }
}
