package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.headwise.files.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands that look at a run, on a sweep of all methods over the bundled raster model. */
class RasterWorkbenchTest {
    private static final List<String> METHODS =
            List.of("ssd", "window", "streaming", "h2o", "snapkv", "pyramidkv", "random");
    private static final List<String> BUDGETS = List.of("50%", "20%", "10%");

    @TempDir
    static Path folder;

    private static Path run;
    private static JsonNode swept;

    @BeforeAll
    static void sweep() {
        run = folder.resolve("run");
        done("calibrate", "janus-mini", "--prompts", "scenes-calibration", "--limit", "4", "--out", run.toString());
        Run sweep = done(
                "sweep",
                "janus-mini",
                "--run",
                run.toString(),
                "--methods",
                String.join(",", METHODS),
                "--budgets",
                String.join(",", BUDGETS),
                "--prompts",
                "scenes-evaluation",
                "--limit",
                "1",
                "--out",
                run.toString(),
                "--json");
        swept = Json.parse(sweep.out(), "stdout");
    }

    private static Run done(String... arguments) {
        Run run = Run.of(arguments);
        assertEquals(0, run.code(), run.err());
        return run;
    }

    @Test
    void everyMethodHasARowAtEveryBudgetAndHoldsLessWithASmallerOne() {
        List<String> expected = new ArrayList<>(List.of("full"));
        METHODS.forEach(method -> BUDGETS.forEach(budget -> expected.add(method + "-" + budget)));
        assertEquals(
                expected,
                swept.valueStream().map(row -> row.get("name").asString()).toList());
        for (int row = 1; row < swept.size(); row++) {
            long held = swept.get(row).get("peak_bytes").asLong();
            int above = row % 3 == 1 ? 0 : row - 1;
            assertTrue(held < swept.get(above).get("peak_bytes").asLong(), expected.get(row));
        }
    }

    @Test
    void theReportHasAllPartsOfRastersAndNoneOfScales() throws Exception {
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(Files.size(run.resolve("report.html")) < 2_000_000, page.length() + " characters");
        assertFalse(page.contains("class=\"missing\""), "a part is empty");
        for (String section :
                List.of("head-classes", "offsets", "token-maps", "received", "windows", "stability", "methods")) {
            assertTrue(page.contains("<section id=\"" + section + "\">"), section);
        }
        assertFalse(page.contains("<section id=\"scale-heat\">") || page.contains("<section id=\"drafters\">"));
        Path data = run.resolve("report-data");
        assertEquals(1 + 16, Files.readAllLines(data.resolve("bits.csv")).size(), "a line per row of the image");
        assertEquals(1 + 256, Files.readAllLines(data.resolve("memory.csv")).size());
        assertEquals(1 + 1 + 21, Files.readAllLines(data.resolve("summary.csv")).size());
        Path other = folder.resolve("again").resolve("other.html");
        done(
                "report",
                run.toString(),
                "--schedule",
                run.resolve("schedules/ssd-20.json").toString(),
                "--out",
                other.toString());
        assertTrue(Files.readString(other).contains("heads that are semantic in ssd-20%"));
        assertEquals(
                -1L, Files.mismatch(data.resolve("received.csv"), other.resolveSibling("report-data/received.csv")));
    }

    @Test
    void analyzeListsTheExtremesAndTheirStability() throws Exception {
        JsonNode found = Json.parse(done("analyze", run.toString(), "--json").out(), "stdout");
        List<Double> scores = found.get("heads")
                .valueStream()
                .map(head -> head.get("sparsity.score").asDouble())
                .sorted()
                .toList();
        JsonNode extremes = found.get("extremes");
        assertEquals(10, extremes.size());
        assertEquals("spatial", extremes.get(0).get("kind").asString());
        assertEquals(scores.getFirst(), extremes.get(0).get("sparsity").asDouble());
        assertEquals("semantic", extremes.get(5).get("kind").asString());
        assertEquals(scores.getLast(), extremes.get(5).get("sparsity").asDouble());
        JsonNode stability = found.get("stability");
        assertEquals(2, stability.size(), "groups of one prompt and of two");
        assertEquals("sparsity", stability.get(1).get("statistic").asString());
        assertTrue(stability.get(1).get("spearman").asDouble() > 0.5, stability.toString());
        assertEquals(0.5, stability.get(1).get("pruned").asDouble());
        String text = done("analyze", run.toString()).out();
        assertTrue(text.contains("Jaccard of spatial"), text);
    }

    @Test
    void doctorFindsTheRunWholeAndADamagedScheduleNot() throws Exception {
        JsonNode whole = Json.parse(done("doctor", run.toString(), "--json").out(), "stdout");
        assertEquals(1 + 21 + 1, whole.size());
        Path copy = folder.resolve("damaged");
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file) && !file.toString().contains("images")) {
                    Path target = copy.resolve(run.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        Path schedule = copy.resolve("schedules/ssd-20.json");
        Files.writeString(schedule, Files.readString(schedule).replace("\"janus\"", "\"infinity\""));
        Run sick = Run.of("doctor", copy.toString());
        assertEquals(4, sick.code(), sick.out());
        assertTrue(sick.out().contains("schedule ssd-20.json"), sick.out());
    }

    @Test
    void schedulesAreComparedExportedAndNotTakenForThoseOfOthers() throws Exception {
        String ssd = run.resolve("schedules/ssd-20.json").toString();
        String window = run.resolve("schedules/window-20.json").toString();
        String compared = done("compare", ssd, window).out();
        assertTrue(compared.contains("ssd-20%") && compared.contains("window-20%"), compared);
        Path table = folder.resolve("ssd.csv");
        done("export", ssd, "--format", "csv", "--out", table.toString());
        assertEquals(1 + 64, Files.readAllLines(table).size());
        Run refused = Run.of(
                "import",
                ssd,
                "--format",
                "heatkv-strict",
                "--out",
                folder.resolve("x.json").toString());
        assertEquals(3, refused.code(), refused.err());
        assertTrue(refused.err().contains("ssd-20.json"), refused.err());
        Run orders = Run.of(
                "export",
                run.toString(),
                "--format",
                "heatkv-orders",
                "--out",
                folder.resolve("o.json").toString());
        assertEquals(3, orders.code(), orders.err());
        assertFalse(orders.err().contains("should not have happened"), orders.err());
    }
}
