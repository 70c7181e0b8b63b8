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
    @CsvSource({
        "kernels --only products,12",
        "kernels --only matvec,6",
        "kernels --only convolution,6",
        "kernels --only attention,8",
        "kernels --only schedules,5",
        "model,5",
        "calibrate --limit 1,2"
    })
    void everyPartMeasures(String part, int expected) {
        List<String> line = new ArrayList<>(List.of("bench"));
        line.addAll(List.of(part.split(" ")));
        line.addAll(List.of("--rounds", "1", "--warm-up", "0.001", "--json"));
        Run run = Run.of(line.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        JsonNode document = Json.parse(run.out(), "stdout");
        assertTrue(document.get("threads").asInt() > 0, run.out());
        assertTrue(document.get("engine").asString().length() > 3, run.out());
        JsonNode rows = document.get("rows");
        assertEquals(expected, rows.size(), run.out());
        for (JsonNode row : rows) {
            assertTrue(row.get("value").asDouble() >= 0, row.toString());
            // The median of several ratios is not the ratio of medians; with one round it is, and has no spread.
            if (row.get("ratio").isNumber()) {
                double ratio = row.get("value").asDouble() / row.get("other").asDouble();
                assertEquals(ratio, row.get("ratio").asDouble(), ratio * 1e-9, row.toString());
                assertEquals(ratio, row.get("low").asDouble(), ratio * 1e-9, row.toString());
                assertEquals(ratio, row.get("high").asDouble(), ratio * 1e-9, row.toString());
            }
        }
    }

    @Test
    void aMedianIsNotMovedByOneDisturbance() {
        assertEquals(2, Stopwatch.median(new double[] {3, 1, 900, 2, 1}));
        assertEquals(1.5, Stopwatch.median(new double[] {2, 1}));
        assertEquals(2, Rounds.quantile(new double[] {5, 1, 2, 3, 4}, 0.25));
        assertEquals(1.75, Rounds.quantile(new double[] {4, 1, 2, 3}, 0.25));
    }

    @Test
    void workTakesTurnsAfterItsWarmUp() {
        List<String> calls = new ArrayList<>();
        double[][] seconds = new Rounds(3, 0).seconds(() -> calls.add("a"), () -> calls.add("b"));
        assertEquals(2, seconds.length);
        assertEquals(3, seconds[0].length);
        assertEquals(List.of("a", "b", "a", "b", "a", "b"), calls.subList(calls.size() - 6, calls.size()));
        assertTrue(calls.size() >= 10, "warmed up and measured three times: " + calls.size());
    }

    @Test
    void anUnknownPartIsAUsageErrorThatNamesTheParts() {
        Run run = Run.of("bench", "kernels", "--only", "speed");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("matvec"), run.err());
        assertEquals(2, Run.of("bench").code());
    }
}
