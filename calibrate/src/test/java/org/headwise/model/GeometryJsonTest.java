package org.headwise.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeometryJsonTest {
    private static final Geometry SMALL =
            new Geometry("infinity", 2, 4, 2, 8, List.of(new Grid(1, 1), new Grid(2, 3), new Grid(4, 4)));
    private static final String TEXT = Json.line(GeometryJson.write(SMALL));

    @Test
    void writesTheDocumentedFields() {
        assertEquals(
                "{\"family\":\"infinity\",\"layers\":2,\"heads\":4,\"kv_heads\":2,\"head_dim\":8,"
                        + "\"steps\":[[1,1],[2,3],[4,4]],\"fingerprint\":\"" + SMALL.fingerprint() + "\"}",
                TEXT);
    }

    @Test
    void readsBackRandomGeometries() {
        for (long seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int kvHeads = random.nextInt(1, 9);
            List<Grid> steps = new ArrayList<>();
            for (int s = random.nextInt(1, 600); s > 0; s--) {
                steps.add(new Grid(random.nextInt(1, 65), random.nextInt(1, 65)));
            }
            Geometry geometry = new Geometry(
                    "janus",
                    random.nextInt(1, 60),
                    kvHeads * random.nextInt(1, 5),
                    kvHeads,
                    random.nextInt(1, 129),
                    steps);
            String text = Json.pretty(GeometryJson.write(geometry));
            assertEquals(geometry, GeometryJson.read(Json.parse(text, "x"), "x"), "seed " + seed);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "layers":2            | "layers":0                | at /layers: found 0, expected a whole number
            "layers":2            | "layers":2.5              | at /layers: found 2.5
            "layers":2            | "layers":"2"              | at /layers: found "2"
            "layers":2            | "layers":99999999999999999999 | at /layers
            "layers":2            | "layers":3                | at /fingerprint
            "kv_heads":2          | "kv_heads":3              | at /kv_heads: 3 kv heads do not divide 4
            "kv_heads":2,         | ''                        | at /kv_heads: this field is missing
            [2,3]                 | [2,0]                     | at /steps/1: found [2,0]
            [2,3]                 | [2]                       | at /steps/1
            [2,3]                 | [1000000,1000000]         | at /steps/1: more than
            [2,3],                | ''                        | at /fingerprint
            [[1,1],[2,3],[4,4]]   | []                        | at /steps: there are no steps
            "family"              | "axis":"hw","family"      | at /axis: this field is not known
            """)
    void refusesWhatIsNoGeometry(String from, String to, String message) {
        assertTrue(TEXT.contains(from), from);
        String broken = TEXT.replace(from, to);
        InputRefused refused =
                assertThrows(InputRefused.class, () -> GeometryJson.read(Json.parse(broken, "run.json"), "run.json"));
        assertTrue(refused.getMessage().startsWith("run.json at /"), refused.getMessage());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void namesTheFirstDifference() {
        assertDoesNotThrow(() -> GeometryJson.requireSame(SMALL, GeometryJson.read(Json.parse(TEXT, "x"), "x"), "x"));
        Geometry other = new Geometry("infinity", 2, 4, 2, 8, List.of(new Grid(1, 1), new Grid(3, 2), new Grid(4, 4)));
        InputRefused refused =
                assertThrows(InputRefused.class, () -> GeometryJson.requireSame(SMALL, other, "schedule.json"));
        assertEquals(
                "schedule.json: wrong geometry: grid of step 1 found 3x2, expected 2x3 (found " + other.fingerprint()
                        + ", expected " + SMALL.fingerprint() + ")",
                refused.getMessage());
        Geometry longer = new Geometry("infinity", 3, 4, 2, 8, SMALL.steps());
        String message = assertThrows(
                        InputRefused.class, () -> GeometryJson.requireSame(SMALL, longer, "schedule.json"))
                .getMessage();
        assertTrue(message.contains("layers found 3, expected 2"), message);
    }
}
