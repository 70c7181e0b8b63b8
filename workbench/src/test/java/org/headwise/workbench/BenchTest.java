package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** That everything is measured and compared; how fast it is depends on the machine. */
class BenchTest {
    @ParameterizedTest
    @CsvSource({"hooks,2", "products,5", "attention,5"})
    void everyPartMeasures(String part, int expected) {
        Run run = Run.of("bench", "--only", part, "--rounds", "1", "--limit", "1", "--json");
        assertEquals(0, run.code(), run.err());
        JsonNode rows = Json.parse(run.out(), "stdout");
        assertEquals(expected, rows.size(), run.out());
        for (JsonNode row : rows) {
            assertTrue(row.get("value").asDouble() > 0, row.toString());
            // The median of several ratios is not the ratio of medians; with one image it is.
            if (row.get("ratio").isNumber()) {
                double ratio = row.get("value").asDouble() / row.get("other").asDouble();
                assertEquals(ratio, row.get("ratio").asDouble(), ratio * 1e-9, row.toString());
            }
        }
    }

    @Test
    void aMedianIsNotMovedByOneDisturbance() {
        assertEquals(2, Stopwatch.median(new double[] {3, 1, 900, 2, 1}));
        assertEquals(1.5, Stopwatch.median(new double[] {2, 1}));
        List<Integer> calls = new ArrayList<>();
        Stopwatch.median(3, () -> calls.add(1));
        assertTrue(calls.size() >= 4, "warmed up and measured three times: " + calls.size());
    }

    @Test
    void anUnknownPartIsAUsageErrorThatNamesTheParts() {
        Run run = Run.of("bench", "--only", "speed");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("hooks"), run.err());
    }
}
