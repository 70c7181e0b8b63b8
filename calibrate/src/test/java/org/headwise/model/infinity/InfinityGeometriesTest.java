package org.headwise.model.infinity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InfinityGeometriesTest {
    /** What the upstream program printed of its own table. */
    private static JsonNode recorded() throws Exception {
        try (InputStream in = InfinityGeometriesTest.class.getResourceAsStream("/infinity-geometries/schedules.json")) {
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "schedules.json")
                    .get("schedules");
        }
    }

    private static List<Grid> grids(JsonNode list) {
        List<Grid> grids = new ArrayList<>();
        list.forEach(
                grid -> grids.add(new Grid(grid.get(1).intValue(), grid.get(2).intValue())));
        return grids;
    }

    @Test
    void everyTemplateAndResolutionIsTheRecordedOne() throws Exception {
        JsonNode recorded = recorded();
        assertEquals(recorded.size(), InfinityGeometries.templates().size());
        int checked = 0;
        for (var template : recorded.properties()) {
            double ratio = Double.parseDouble(template.getKey());
            for (var resolution : template.getValue().properties()) {
                List<Grid> expected = grids(resolution.getValue());
                String place = template.getKey() + " " + resolution.getKey();
                assertEquals(expected, InfinityGeometries.schedule(resolution.getKey(), ratio), place);
                assertEquals(OptionalDouble.of(ratio), InfinityGeometries.templateOf(expected), place);
                checked++;
            }
            assertEquals(grids(template.getValue().get("1M")), InfinityGeometries.largest(ratio + 0.001));
        }
        assertEquals(60, checked);
    }

    @Test
    void nearestTemplateAndPrefixes() {
        assertEquals(InfinityGeometries.largest(1.75), InfinityGeometries.largest(16 / 9.0));
        assertEquals(InfinityGeometries.largest(0.333), InfinityGeometries.largest(0.01));
        assertEquals(
                OptionalDouble.of(1),
                InfinityGeometries.templateOf(InfinityGeometries.largest(1).subList(0, 4)));
        assertEquals(OptionalDouble.empty(), InfinityGeometries.templateOf(List.of(new Grid(1, 1), new Grid(3, 3))));
        assertEquals(OptionalDouble.empty(), InfinityGeometries.templateOf(List.of()));
        List<Grid> longer = new ArrayList<>(InfinityGeometries.largest(1));
        longer.add(new Grid(80, 80));
        assertEquals(OptionalDouble.empty(), InfinityGeometries.templateOf(longer));
    }

    @Test
    void releasedSizes() {
        Geometry two = InfinityGeometries.get("infinity-2b");
        assertEquals(List.of(32, 16, 16, 128), List.of(two.layers(), two.heads(), two.kvHeads(), two.headDim()));
        assertEquals(10521, two.totalTokens());
        assertEquals(6425, two.incomingTokens());
        assertEquals(2521, InfinityGeometries.get("infinity-2b@0.25M").totalTokens());
        Geometry eight = InfinityGeometries.get("infinity-8b@1M:1.333");
        assertEquals(List.of(40, 28, 128), List.of(eight.layers(), eight.heads(), eight.headDim()));
        assertEquals(new Grid(72, 54), eight.steps().getLast());
        Geometry small = InfinityGeometries.get("infinity-125m");
        assertEquals(
                List.of(12, 8, 96, 521), List.of(small.layers(), small.heads(), small.headDim(), small.totalTokens()));
        assertEquals(InfinityGeometries.get("infinity-1b"), InfinityGeometries.get("infinity-layer24@1M:1.0"));
        assertEquals(eight, InfinityGeometries.get("infinity-8b:1.333"));
        for (String name : InfinityGeometries.names()) {
            for (String resolution : InfinityGeometries.resolutions()) {
                for (double ratio : InfinityGeometries.templates()) {
                    Geometry geometry = InfinityGeometries.get(name + "@" + resolution + ":" + ratio);
                    assertEquals(InfinityGeometries.schedule(resolution, ratio), geometry.steps());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "infinity-3b",
                "",
                "infinity-2b@2M",
                "infinity-2b@",
                "infinity-2b:1.1",
                "infinity-2b:",
                "infinity-2b:NaN",
                "infinity-2b@1M:x",
                "infinity-2b@1M:1:1",
                "infinity-2b:1@1M"
            })
    void unknownNamesAreRefusedWithWhatThereIs(String name) {
        InputRefused refused = assertThrows(InputRefused.class, () -> InfinityGeometries.get(name));
        assertTrue(refused.getMessage().contains("expected"), refused.getMessage());
    }

    @Test
    void nonsenseRatiosAreRefused() {
        for (double ratio : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(InputRefused.class, () -> InfinityGeometries.largest(ratio));
        }
    }
}
