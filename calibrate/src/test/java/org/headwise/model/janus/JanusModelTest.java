package org.headwise.model.janus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
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
import tools.jackson.databind.node.ObjectNode;

/** The bundled mini from prompt to picture, against what PyTorch made of the same weights and prompts. */
class JanusModelTest {
    private static final Path FOLDER = BundledModels.find("janus-mini").orElseThrow();
    private static final Sampling GREEDY = new Sampling(5, 1, 1, 0);
    private static final Sampling SAMPLED = new Sampling(5, 1, 100, 0.9f);
    private static final String RING = "a large green ring in the top on a white background";

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
        try (Checkpoint pictures = Checkpoints.open(FOLDER.resolve("recorded.safetensors"))) {
            for (int i = 0; i < recorded.get("prompts").size(); i++) {
                String prompt = recorded.get("prompts").get(i).asString();
                Generation made = generate(List.of(prompt), GREEDY);
                int[] tokens = made.ids().stream().mapToInt(ids -> ids[0]).toArray();
                assertArrayEquals(pictures.get(i + ".tokens").toInts(), tokens, prompt);
                int[] expected = pictures.get(i + ".image_u8").toInts();
                byte[] rgb = made.images().getFirst().rgb();
                int worst = 0;
                for (int at = 0; at < expected.length; at++) {
                    worst = Math.max(worst, Math.abs(expected[at] - (rgb[at] & 0xff)));
                }
                assertTrue(worst <= 1, prompt + " differs by " + worst);
            }
        }
    }

    @Test
    void geometryIsARasterOfTheImage() {
        Geometry geometry = model.geometry();
        assertEquals(Geometry.raster("janus", 8, 8, 8, 16, new Grid(16, 16)), geometry);
        AtomicLong sums = new AtomicLong();
        try (FullCache cache = new FullCache()) {
            model.generate(Request.of(List.of(RING), List.of(0L), GREEDY), cache, block -> {
                assertEquals(geometry.fingerprint(), block.geometry().fingerprint());
                assertEquals(block.geometry().firstToken(block.step()) + (block.step() == 0 ? 13 : 1), block.keys());
                sums.addAndGet(block.queries());
            });
            assertEquals(256, cache.ledger().peakBytes().size());
            assertEquals(8L * 2 * 8 * 16 * 2 * 4 * (13 + 255), cache.ledger().peak());
        }
        assertEquals(8L * 2 * 8 * (13 + 255), sums.get());
    }

    @Test
    void aBatchDrawsWhatItsImagesAre() {
        List<String> prompts = List.of(RING, RING, "a large black ring in the left on a pink background");
        Generation batch = generate(prompts, SAMPLED);
        for (int image = 0; image < 3; image++) {
            Request alone = Request.of(List.of(prompts.get(image)), List.of((long) image), SAMPLED);
            try (FullCache cache = new FullCache()) {
                Generation single = model.generate(alone, cache, null);
                int at = image;
                assertArrayEquals(
                        single.ids().stream().mapToInt(ids -> ids[0]).toArray(),
                        batch.ids().stream().mapToInt(ids -> ids[at]).toArray(),
                        "image " + image);
                assertArrayEquals(
                        single.images().getFirst().rgb(),
                        batch.images().get(image).rgb());
            }
        }
        assertTrue(
                !Arrays.equals(
                        batch.images().get(0).rgb(), batch.images().get(1).rgb()),
                "another seed makes another image");
    }

    /** Every image is at positions of its own, with a twin of its own length, and sees what it sees alone. */
    @Test
    void aBatchOfPromptsOfManyLengthsDrawsWhatTheyDrawAlone() {
        List<String> prompts = List.of(RING, "a small ring", "", RING, "a circle", "a square");
        List<Long> seeds = List.of(5L, 6L, 7L, 8L, 9L, 10L);
        List<Integer> lengths = prompts.stream().map(model::promptTokens).toList();
        assertEquals(4, lengths.stream().distinct().count(), lengths.toString());
        Request all = Request.of(prompts, seeds, SAMPLED).keepingLogits();
        long peaks = 0;
        try (FullCache cache = new FullCache()) {
            Generation batch = model.generate(
                    all,
                    cache,
                    block -> assertEquals(
                            lengths.get(block.image()), block.geometry().promptTokens()));
            for (int image = 0; image < prompts.size(); image++) {
                Request one = Request.of(List.of(prompts.get(image)), List.of(seeds.get(image)), SAMPLED)
                        .keepingLogits();
                try (FullCache own = new FullCache()) {
                    Generation alone = model.generate(one, own, null);
                    peaks += own.ledger().peak();
                    same(alone, batch, image);
                }
            }
            assertEquals(peaks, cache.ledger().peak());
            Generation forced = model.generate(all.forcing(batch.ids()), cache, null);
            for (int step = 0; step < batch.logits().size(); step++) {
                assertArrayEquals(batch.logits().get(step), forced.logits().get(step), "step " + step);
            }
        }
    }

    private static void same(Generation alone, Generation batch, int image) {
        for (int step = 0; step < alone.ids().size(); step++) {
            String where = "image " + image + ", step " + step;
            assertEquals(alone.ids().get(step)[0], batch.ids().get(step)[image], where);
            float[] logits = batch.logits().get(step);
            assertArrayEquals(
                    alone.logits().get(step), Arrays.copyOfRange(logits, image * 512, (image + 1) * 512), 1e-3f, where);
        }
        assertArrayEquals(
                alone.images().getFirst().rgb(), batch.images().get(image).rgb(), "image " + image);
    }

    @Test
    void forcedTokensGiveTheLogitsOfTheRunThatMadeThem() {
        Request free = Request.of(List.of(RING), List.of(7L), SAMPLED).keepingLogits();
        try (FullCache cache = new FullCache()) {
            Generation first = model.generate(free, cache, null);
            Generation again = model.generate(free.forcing(first.ids()), cache, null);
            for (int step = 0; step < first.logits().size(); step++) {
                assertArrayEquals(first.logits().get(step), again.logits().get(step), "step " + step);
            }
            assertEquals(512, first.logits().getFirst().length);
            assertEquals(512, first.choices());
            assertEquals(0, again.images().size());
        }
    }

    @Test
    void guidanceOfOneIsTheConditionalRowAlone() {
        Request one = request(new Sampling(1, 1, 1, 0), List.of(1f));
        List<Float> nearly = new ArrayList<>(Collections.nCopies(256, 1f));
        nearly.set(255, 1.5f);
        Request both = request(new Sampling(1, 1, 1, 0), nearly);
        try (FullCache single = new FullCache();
                FullCache pair = new FullCache()) {
            Generation alone = model.generate(one, single, null);
            Generation twin = model.generate(both, pair, null);
            assertEquals(2 * single.ledger().peak(), pair.ledger().peak());
            for (int step = 0; step < 255; step++) {
                assertArrayEquals(alone.logits().get(step), twin.logits().get(step), 1e-4f, "step " + step);
            }
        }
    }

    @Test
    void refusesWhatJanusCannotDo() {
        Request usual = Request.of(List.of(RING), List.of(0L), GREEDY);
        assertThrows(InputRefused.class, () -> run(with(usual, "ugly", List.of(0), List.of(5f))));
        assertThrows(InputRefused.class, () -> run(with(usual, null, List.of(-2), List.of(5f))));
        assertThrows(InputRefused.class, () -> run(with(usual, null, List.of(0), List.of(5f, 4f))));
        assertThrows(InputRefused.class, () -> run(usual.forcing(List.of(new int[] {512}))));
    }

    @Test
    void missingTensorsAreNamedAtOnce(@TempDir Path folder) throws IOException {
        for (String file : List.of("model.safetensors", "tokenizer.json")) {
            Files.copy(FOLDER.resolve(file), folder.resolve(file));
        }
        ObjectNode config = (ObjectNode) Json.read(FOLDER.resolve("config.json"));
        ((ObjectNode) config.get("language_config")).put("num_hidden_layers", 9);
        ((ObjectNode) config.get("gen_aligner_config").get("params")).put("depth", 3);
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        InputRefused refused = assertThrows(InputRefused.class, () -> Models.open(folder, engine, DType.F32));
        assertTrue(refused.getMessage().contains("11 of the tensors"), refused.getMessage());
        assertTrue(refused.getMessage().contains("gen_aligner.layers.4.bias"), refused.getMessage());
        assertTrue(
                refused.getMessage().contains("language_model.model.layers.8.mlp.up_proj.weight"),
                refused.getMessage());
    }

    private static Request request(Sampling sampling, List<Float> guidance) {
        return with(Request.of(List.of(RING), List.of(0L), sampling), null, List.of(0), guidance);
    }

    private static Request with(Request usual, String negative, List<Integer> layers, List<Float> guidance) {
        return new Request(
                usual.prompts(),
                negative,
                usual.seeds(),
                guidance,
                usual.temperature(),
                layers,
                usual.topK(),
                usual.topP(),
                List.of(),
                true,
                false);
    }

    private static Generation generate(List<String> prompts, Sampling sampling) {
        List<Long> seeds = new ArrayList<>();
        for (long b = 0; b < prompts.size(); b++) {
            seeds.add(b);
        }
        return run(Request.of(prompts, seeds, sampling));
    }

    private static Generation run(Request request) {
        try (FullCache cache = new FullCache()) {
            return model.generate(request, cache, null);
        }
    }
}
