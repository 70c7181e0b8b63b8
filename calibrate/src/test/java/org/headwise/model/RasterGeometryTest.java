package org.headwise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Geometries of models that make an image token by token. */
class RasterGeometryTest {
    private static final Geometry MODEL = Geometry.raster("janus", 2, 4, 2, 8, new Grid(3, 5));

    @Test
    void stepsAreThePromptAndAllImageTokensButTheLast() {
        Geometry generation = MODEL.withPrompt(7);
        assertEquals(15, generation.steps().size());
        assertEquals(new Grid(1, 7), generation.steps().getFirst());
        assertEquals(7 + 14, generation.totalTokens());
        int sum = 0;
        for (int step = 0; step < 15; step++) {
            assertEquals(sum, generation.firstToken(step));
            assertEquals(step - 1, generation.imageToken(step));
            sum += generation.tokens(step);
        }
        assertEquals(sum - 1, generation.incomingTokens());
        assertEquals(7, generation.promptTokens());
    }

    @Test
    void promptsDoNotChangeTheModel() {
        Geometry generation = MODEL.withPrompt(7);
        assertNotEquals(MODEL, generation);
        assertEquals(MODEL, generation.ofModel());
        assertEquals(MODEL.fingerprint(), generation.fingerprint());
        GeometryJson.requireSame(MODEL, generation, "schedule.json");
        assertEquals("janus layers=2 heads=4 kvHeads=2 headDim=8 raster=3x5", generation.describe());
        Geometry turned = Geometry.raster("janus", 2, 4, 2, 8, new Grid(5, 3));
        assertNotEquals(MODEL.fingerprint(), turned.fingerprint());
        InputRefused refused =
                assertThrows(InputRefused.class, () -> GeometryJson.requireSame(MODEL, turned, "schedule.json"));
        assertTrue(refused.getMessage().contains("raster found 5x3, expected 3x5"), refused.getMessage());
    }

    @Test
    void nextScaleModelsHaveNoPromptInTheirCache() {
        Geometry scales = new Geometry("infinity", 1, 1, 1, 4, List.of(new Grid(1, 1), new Grid(2, 2)));
        assertEquals(0, scales.promptTokens());
        assertEquals(scales, scales.ofModel());
        assertThrows(IllegalStateException.class, () -> scales.withPrompt(3));
        assertThrows(IllegalStateException.class, () -> scales.imageToken(1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Geometry("janus", 1, 1, 1, 4, scales.steps(), new Grid(2, 2)));
    }

    @Test
    void jsonHoldsTheModelOnly() {
        ObjectNode json = GeometryJson.write(MODEL.withPrompt(9));
        assertEquals(MODEL, GeometryJson.read(json, "test"));
        json.putArray("raster").add(3).add(6);
        assertTrue(refusal(json).contains("fingerprint"), refusal(json));
        json.putArray("raster").add(3);
        assertTrue(refusal(json).contains("[height, width]"), refusal(json));
        json.putArray("raster").add(1 << 15).add(1 << 15);
        assertTrue(refusal(json).contains("tokens"), refusal(json));
        json.putArray("steps").addArray().add(1).add(1);
        assertTrue(refusal(json).contains("both"), refusal(json));
        json.remove(List.of("steps", "raster"));
        assertTrue(refusal(json).contains("steps"), refusal(json));
    }

    private static String refusal(ObjectNode json) {
        return assertThrows(InputRefused.class, () -> GeometryJson.read(json, "test"))
                .getMessage();
    }
}
