package org.headwise.model.llamagen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.files.InputRefused;
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

/** A class-conditional model folder: random weights in the released layout, and a decoder of as many codes. */
class LlamaGenModelTest {
    private static final String CONFIG = "{\"family\": \"llamagen\", \"heads\": 3, \"grid\": [6, 6], "
            + "\"transformer\": \"c2i.pt\", \"vae_file\": \"vq.safetensors\"}";

    private static final Sampling SAMPLED = new Sampling(3, 1, 50, 0.9f);

    @TempDir
    private static Path folder;

    private static Engine engine;

    @BeforeAll
    static void write() throws IOException {
        engine = Engine.vector(2);
        try (InputStream weights =
                LlamaGenModelTest.class.getResourceAsStream("/reference/llamagen/llamagen_c2i_a.pt")) {
            Files.copy(weights, folder.resolve("c2i.pt"));
        }
        JanusDecoder.write(128, folder.resolve("vq.safetensors"));
        Files.writeString(folder.resolve("config.json"), CONFIG);
    }

    @AfterAll
    static void end() {
        engine.close();
    }

    @Test
    void aBatchDrawsWhatItsClassesDrawAlone() {
        try (ImageModel model = Models.open(folder, engine, DType.F32)) {
            assertEquals(Geometry.raster("llamagen", 3, 3, 3, 16, new Grid(6, 6)), model.geometry());
            assertEquals(new Sampling(4, 1, 2000, 0), model.sampling());
            Generation both = generate(model, List.of("2", " 9 "), List.of(4L, 5L));
            Generation alone = generate(model, List.of("9"), List.of(5L));
            assertArrayEquals(
                    alone.ids().stream().mapToInt(ids -> ids[0]).toArray(),
                    both.ids().stream().mapToInt(ids -> ids[1]).toArray());
            assertArrayEquals(
                    alone.images().getFirst().rgb(), both.images().get(1).rgb());
            assertEquals(12, both.images().getFirst().width());
        }
    }

    @Test
    void refusesWhatIsNoClass() {
        try (ImageModel model = Models.open(folder, engine, DType.F32)) {
            for (String prompt : List.of("10", "a cat", "", "-1", "99999999999")) {
                InputRefused refused =
                        assertThrows(InputRefused.class, () -> generate(model, List.of(prompt), List.of(0L)), prompt);
                assertTrue(refused.getMessage().contains("class"), refused.getMessage());
            }
        }
    }

    @Test
    void refusesFilesThatDoNotFit(@TempDir Path other) throws IOException {
        Files.copy(folder.resolve("c2i.pt"), other.resolve("c2i.pt"));
        JanusDecoder.write(127, other.resolve("vq.safetensors"));
        refused(other, CONFIG, "127 codes");
        refused(other, CONFIG.replace("\"heads\": 3", "\"heads\": 5"), "5 heads");
        refused(other, CONFIG.replace("\"heads\": 3, ", ""), "how many heads");
        refused(other, CONFIG.replace("vq.safe", "../vq.safe"), "outside");
        refused(other, CONFIG.replace("[6, 6]", "[6]"), "grid");
        refused(other, CONFIG.replace("c2i.pt", "vq.safetensors"), "cls_embedding.uncond_embedding");
    }

    private static void refused(Path folder, String config, String part) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        InputRefused refused = assertThrows(InputRefused.class, () -> Models.open(folder, engine, DType.F32));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    private static Generation generate(ImageModel model, List<String> prompts, List<Long> seeds) {
        try (FullCache cache = new FullCache()) {
            return model.generate(Request.of(prompts, seeds, SAMPLED), cache, null);
        }
    }
}
