package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @Test
    void theWholeWayAndThenAgainFromWhatIsThere(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("the demo");
        Run first = Run.of("demo", "--out", out.toString());
        assertEquals(0, first.code(), first.err());
        for (String name : List.of("full", "heatkv-50%", "heatkv-25%", "heatkv-10%", "heatkv-5%")) {
            assertTrue(first.out().lines().anyMatch(line -> line.startsWith(name + " ")), first.out());
        }
        Path report = out.resolve("report.html");
        assertTrue(first.out().endsWith("The report: " + report + System.lineSeparator()), first.out());
        String page = Files.readString(report);
        assertTrue(Files.size(report) < 2_000_000, Files.size(report) + " bytes");
        assertTrue(page.contains("heatkv-5%"), "a schedule is missing in the report");
        assertTrue(first.err().contains("headwise calibrate infinity-mini"), first.err());

        byte[] bytes = Files.readAllBytes(report);
        byte[] measured = Files.readAllBytes(out.resolve("evaluation/evaluation.json"));
        Run again = Run.of("demo", "--out", out.toString());
        assertEquals(0, again.code(), again.err());
        assertEquals(first.out(), again.out());
        assertArrayEquals(measured, Files.readAllBytes(out.resolve("evaluation/evaluation.json")));
        assertArrayEquals(bytes, Files.readAllBytes(report));
    }
}
