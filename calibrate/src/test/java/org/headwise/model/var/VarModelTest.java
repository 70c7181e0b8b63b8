package org.headwise.model.var;

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

/** A class-conditional model folder with random weights in the released layout. */
class VarModelTest {
    private static final String CONFIG = "{\"family\": \"var\", \"patch_nums\": [1, 2, 3, 4], \"cfg\": 4, "
            + "\"transformer\": \"var_a.var.pth\", \"vae_file\": \"var_a.vae.pth\"}";

    private static final Sampling SAMPLED = new Sampling(2.5f, 1, 30, 0.9f);

    @TempDir
    private static Path folder;

    private static Engine engine;

    @BeforeAll
    static void write() throws IOException {
        engine = Engine.vector(2);
        for (String name : List.of("var_a.var.pth", "var_a.vae.pth")) {
            try (InputStream weights = VarModelTest.class.getResourceAsStream("/reference/var/" + name)) {
                Files.copy(weights, folder.resolve(name));
            }
        }
        Files.writeString(folder.resolve("config.json"), CONFIG);
    }

    @AfterAll
    static void end() {
        engine.close();
    }

    @Test
    void aBatchDrawsWhatItsClassesDrawAlone() {
        try (ImageModel model = Models.open(folder, engine, DType.F32)) {
            List<Grid> steps = List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4));
            assertEquals(new Geometry("var", 3, 3, 3, 16, steps), model.geometry());
            assertEquals(new Sampling(5, 1, 900, 0.96f), model.sampling());
            Generation both = run(model, Request.of(List.of("3", " 7"), List.of(4L, 5L), SAMPLED));
            Generation alone = run(model, Request.of(List.of("7"), List.of(5L), SAMPLED));
            for (int step = 0; step < 4; step++) {
                int[] ids = both.ids().get(step);
                assertArrayEquals(alone.ids().get(step), java.util.Arrays.copyOfRange(ids, ids.length / 2, ids.length));
            }
            assertArrayEquals(
                    alone.images().getFirst().rgb(), both.images().get(1).rgb());
            assertEquals(8, both.images().getFirst().width());
        }
    }

    @Test
    void guidanceOfOneNeedsNoOtherRows() {
        try (ImageModel model = Models.open(folder, engine, DType.F32);
                FullCache one = new FullCache();
                FullCache two = new FullCache()) {
            Request plain = Request.of(List.of("3"), List.of(0L), new Sampling(1, 1, 1, 0))
                    .keepingLogits();
            Request guided = Request.of(List.of("3"), List.of(0L), new Sampling(3, 1, 1, 0))
                    .keepingLogits();
            Generation alone = model.generate(plain, one, null);
            Generation pair = model.generate(guided, two, null);
            assertEquals(2 * one.ledger().peak(), two.ledger().peak());
            // Guidance begins with the second scale.
            assertArrayEquals(alone.logits().getFirst(), pair.logits().getFirst(), 1e-5f);
            Generation forced = run(model, guided.forcing(pair.ids()));
            assertArrayEquals(pair.logits().getLast(), forced.logits().getLast());
        }
    }

    @Test
    void refusesWhatItCannotDraw() {
        try (ImageModel model = Models.open(folder, engine, DType.F32)) {
            for (String prompt : List.of("10", "a cat", "-1")) {
                InputRefused refused = assertThrows(
                        InputRefused.class, () -> run(model, Request.of(List.of(prompt), List.of(0L), SAMPLED)));
                assertTrue(refused.getMessage().contains("class"), refused.getMessage());
            }
            Request usual = Request.of(List.of("1"), List.of(0L), SAMPLED);
            assertThrows(InputRefused.class, () -> run(model, usual.forcing(List.of(new int[] {1, 2}))));
            assertThrows(InputRefused.class, () -> run(model, usual.forcing(List.of(new int[] {64}))));
        }
    }

    @Test
    void refusesFilesThatDoNotFit(@TempDir Path other) throws IOException {
        for (String name : List.of("var_a.var.pth", "var_a.vae.pth")) {
            Files.copy(folder.resolve(name), other.resolve(name));
        }
        refused(other, CONFIG.replace("3, 4]", "3, 5]"), "pos_1LC has shape [1, 30, 48], expected [1, 39, 48]");
        refused(other, CONFIG.replace("3, 4]", "3, 2]"), "patch_nums");
        refused(other, CONFIG.replace("var_a.vae.pth", "var_a.var.pth"), "post_quant_conv.weight");
        refused(other, CONFIG.replace("var_a.vae.pth", "absent.pth"), "absent.pth");
    }

    private static void refused(Path folder, String config, String part) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        InputRefused refused = assertThrows(InputRefused.class, () -> Models.open(folder, engine, DType.F32));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    @Test
    void smoothingIsThatOfTheNearestTick() {
        // Scales 2 and 7 of 10 lie between two ticks; these are NumPy's answers.
        int[] released = {0, 0, 1, 1, 1, 2, 2, 3, 3, 3};
        double[] ticks = {1 / 12.0, 13 / 36.0, 23 / 36.0, 11 / 12.0};
        for (int scale = 0; scale < 10; scale++) {
            int found = VarTokenizer.nearestTick(4, scale / 9.0);
            assertEquals(released[scale], found, "scale " + scale);
            for (double tick : ticks) {
                assertTrue(Math.abs(ticks[found] - scale / 9.0) <= Math.abs(tick - scale / 9.0) + 1e-12);
            }
        }
        assertEquals(0, VarTokenizer.nearestTick(1, 1));
    }

    private static Generation run(ImageModel model, Request request) {
        try (FullCache cache = new FullCache()) {
            return model.generate(request, cache, null);
        }
    }
}
