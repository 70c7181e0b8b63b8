package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DemoTest {
    private static final List<String> INFINITY = List.of("full", "heatkv-50%", "heatkv-25%", "heatkv-10%", "heatkv-5%");
    private static final List<String> JANUS = List.of(
            "full",
            "ssd-50%",
            "ssd-20%",
            "ssd-10%",
            "h2o-50%",
            "h2o-20%",
            "h2o-10%",
            "window-50%",
            "window-20%",
            "window-10%");

    @Test
    void theWholeWayAndThenAgainFromWhatIsThere(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("the demo");
        Run first = Run.of("demo", "--out", out.toString());
        assertEquals(0, first.code(), first.err());
        List<String> rows = new ArrayList<>(INFINITY);
        rows.addAll(JANUS);
        assertEquals(
                rows,
                first.out()
                        .lines()
                        .map(line -> line.split(" ")[0])
                        .filter(rows::contains)
                        .toList(),
                first.out());
        List<Path> files = new ArrayList<>();
        for (String family : List.of("infinity", "janus")) {
            Path report = out.resolve(family).resolve("report.html");
            assertTrue(first.out().lines().anyMatch(("The report: " + report)::equals), first.out());
            assertTrue(Files.size(report) < 2_000_000, Files.size(report) + " bytes");
            assertTrue(first.err().contains("headwise calibrate " + family + "-mini"), first.err());
            files.add(report);
            files.add(out.resolve(family).resolve("evaluation/evaluation.json"));
        }
        assertTrue(Files.readString(files.get(0)).contains("heatkv-5%"), "a schedule is missing in the report");
        String janus = Files.readString(files.get(2));
        assertTrue(janus.contains("semantic in ssd-50%, ssd-20%, ssd-10%"), "the classes of heads are missing");
        assertTrue(!janus.contains("class=\"missing\""), "a part of the report is empty");

        List<byte[]> bytes = new ArrayList<>();
        for (Path file : files) {
            bytes.add(Files.readAllBytes(file));
        }
        Run again = Run.of("demo", "--out", out.toString(), "--json");
        assertEquals(0, again.code(), again.err());
        JsonNode document = Json.parse(again.out(), "stdout");
        assertEquals(INFINITY, names(document.get("infinity-mini")));
        assertEquals(JANUS, names(document.get("janus-mini")));
        for (int i = 0; i < bytes.size(); i++) {
            assertArrayEquals(
                    bytes.get(i), Files.readAllBytes(files.get(i)), files.get(i).toString());
        }
    }

    private static List<String> names(JsonNode table) {
        return table.valueStream().map(row -> row.get("name").asString()).toList();
    }
}
