package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.Json;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** From calibration to evaluation on the bundled raster model. */
class RasterPipelineTest {
    @TempDir
    static Path folder;

    private static Path run;

    @BeforeAll
    static void calibrate() {
        run = folder.resolve("run");
        Run calibrated = Run.of(
                "calibrate", "janus-mini", "--prompts", "scenes-calibration", "--limit", "2", "--out", run.toString());
        assertEquals(0, calibrated.code(), calibrated.err());
    }

    private static Path plan(String method, String budget, String... options) {
        Path out = folder.resolve(method + budget + String.join("", options) + ".json");
        Run planned = tryPlan(run, method, budget, out, options);
        assertEquals(0, planned.code(), planned.err());
        return out;
    }

    private static Run tryPlan(Path from, String method, String budget, Path out, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("schedule", method, from.toString(), "--budget", budget, "--out", out.toString()));
        for (String option : options) {
            arguments.addAll(List.of("--set", option));
        }
        return Run.of(arguments.toArray(String[]::new));
    }

    @Test
    void everyMethodOfRasterModelsIsExecutedAndMeasured() {
        List<String> arguments = new ArrayList<>(List.of("evaluate", "janus-mini", "--schedule"));
        arguments.add(plan("full", "100%").toString());
        arguments.add(plan("ssd", "100%").toString());
        for (String method : List.of("window", "streaming", "h2o", "snapkv", "pyramidkv", "random", "ssd")) {
            arguments.add(plan(method, "20%").toString());
        }
        arguments.addAll(List.of(
                "--prompts",
                "scenes-evaluation",
                "--limit",
                "1",
                "--out",
                folder.resolve("evaluation").toString(),
                "--json"));
        Run measured = Run.of(arguments.toArray(String[]::new));
        assertEquals(0, measured.code(), measured.err());
        JsonNode rows = Json.parse(measured.out(), "stdout");
        assertEquals(10, rows.size());
        for (int row = 1; row < rows.size(); row++) {
            JsonNode found = rows.get(row);
            boolean all = row <= 2;
            String name = found.get("name").asString();
            assertEquals(all, found.get("kl").get("mean").asDouble() < 1e-9, name);
            assertEquals(all, found.get("equal_codes").get("mean").asDouble() == 1, name);
            assertEquals(all, found.get("peak_share").asDouble() > 50, name + found);
        }
    }

    @Test
    void aScheduleSaysWhatItsBudgetIsAShareOf() {
        Schedule schedule = ScheduleJson.read(plan("ssd", "25%", "refresh=row", "split=threshold", "threshold=0.9"));
        assertEquals(Budget.Meaning.IMAGE_TOKENS, schedule.budget().meaning());
        assertEquals("row", schedule.parameters().get("refresh"));
        assertEquals(2, schedule.provenance().counts().get("prompts"));
    }

    @ParameterizedTest
    @CsvSource({
        "heatkv,50%,,'heatkv removes scales, but janus makes its image token by token'",
        "scalekv,50%,,'scalekv shares tokens out over scales, but janus'",
        "hack,50%,,'hack chooses among the tokens of scales, but janus'",
        "uniform,50%,,'uniform chooses by windows that lie on the grids of scales, but janus'",
        "full,50%,,the smallest feasible budget is 100%",
        "ssd,0.1%,,the smallest feasible budget is 0.001953125",
        "ssd,5%,refresh=row,fewer than the 16 made from one choice to the next",
        "ssd,20%,w=200,leaves less than one token for each of the 32 semantic heads",
        "streaming,1%,,fewer than the 5 of the sink and a window",
        "window,20%,first=2,has no option first"
    })
    void whatCannotBePlannedIsRefused(String method, String budget, String option, String said) {
        Path out = folder.resolve("refused.json");
        String[] options = option == null ? new String[0] : new String[] {option};
        Run refused = tryPlan(run, method, budget, out, options);
        assertEquals(3, refused.code(), refused.err());
        assertTrue(refused.err().contains(said), refused.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void aProfileWithoutTheScoreIsRefused() {
        Path other = folder.resolve("without sparsity");
        calibrate(other, "--observe", "recency");
        Run refused = tryPlan(other, "ssd", "20%", folder.resolve("x.json"));
        assertEquals(3, refused.code(), refused.err());
        assertTrue(refused.err().contains("the run has no statistic Sparsity, it has recency"), refused.err());
        Run window = tryPlan(other, "ssd", "20%", folder.resolve("by-window.json"), "score=window");
        assertEquals(0, window.code(), window.err());
    }

    @Test
    void aScoreThatWasNotObservedIsRefused() {
        Path unguided = folder.resolve("unguided");
        calibrate(unguided, "--cfg", "1");
        Run refused = tryPlan(unguided, "ssd", "20%", folder.resolve("x.json"), "guidance=unconditional");
        assertEquals(3, refused.code(), refused.err());
        assertTrue(
                refused.err().contains("the sparsity score in unconditional rows of layer 0 head 0 is NaN"),
                refused.err());
    }

    private static void calibrate(Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "calibrate", "janus-mini", "--prompts", "scenes-calibration", "--limit", "1", "--out", out.toString()));
        arguments.addAll(List.of(more));
        Run calibrated = Run.of(arguments.toArray(String[]::new));
        assertEquals(0, calibrated.code(), calibrated.err());
    }

    @Test
    void aPromptThatDoesNotFitIsRefused() {
        Run refused = evaluate("janus-mini", plan("h2o", "5%", "prompt=competing"));
        assertEquals(3, refused.code(), refused.err());
        assertTrue(refused.err().contains("the budget is too small for the prompt"), refused.err());
        assertTrue(refused.err().contains("keeps 13; plan with a larger budget"), refused.err());
    }

    @Test
    void aScheduleOfAnotherFamilyIsRefused() {
        Run refused = evaluate("infinity-mini", plan("ssd", "20%"));
        assertEquals(3, refused.code(), refused.err());
        assertTrue(refused.err().contains("janus") && refused.err().contains("infinity"), refused.err());
    }

    private static Run evaluate(String model, Path schedule) {
        return Run.of(
                "evaluate",
                model,
                "--schedule",
                schedule.toString(),
                "--prompts",
                "scenes-evaluation",
                "--limit",
                "1",
                "--out",
                folder.resolve("refused evaluation").toString());
    }

    @Test
    void tablesAreExportedAndFormatsOfScalesRefused() throws Exception {
        Path schedule = plan("ssd", "20%");
        Path table = folder.resolve("ssd.csv");
        Run exported = Run.of("export", schedule.toString(), "--format", "csv", "--out", table.toString());
        assertEquals(0, exported.code(), exported.err());
        assertEquals(1 + 64, Files.readAllLines(table).size());
        for (String format : List.of("heatkv-strict", "scalekv-budget", "safetensors-mask")) {
            Run refused = Run.of("export", schedule.toString(), "--format", format, "--out", table + format);
            assertEquals(3, refused.code(), refused.err());
            assertTrue(refused.err().contains("janus, a raster model"), refused.err());
        }
    }

    @Test
    void packedImagesAreTheSameFiles() throws Exception {
        Path schedule = plan("h2o", "20%");
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), "a small ring\na large ring\na small ring\n");
        List<List<String>> ways = List.of(List.of(), List.of("--kv-memory", "4MiB"), List.of("--kv-memory", "500 KB"));
        for (int way = 0; way < ways.size(); way++) {
            List<String> arguments = new ArrayList<>(List.of(
                    "generate",
                    "janus-mini",
                    "--prompts",
                    prompts.toString(),
                    "--schedule",
                    schedule.toString(),
                    "-v",
                    "--out",
                    folder.resolve("way" + way).toString()));
            arguments.addAll(ways.get(way));
            Run drawn = Run.of(arguments.toArray(String[]::new));
            if (way == 2) {
                assertEquals(3, drawn.code(), drawn.err());
                assertTrue(drawn.err().contains("one image needs"), drawn.err());
                assertTrue(drawn.err().contains("limit of 500000"), drawn.err());
                continue;
            }
            assertEquals(0, drawn.code(), drawn.err());
            assertEquals(way == 1, drawn.err().contains("3 at a time"), drawn.err());
            JsonNode list = Json.read(folder.resolve("way" + way).resolve("images.json"));
            assertEquals("h2o at 20%", list.get("cache").asString());
            assertEquals(3, list.get("images").size());
            for (int image = 0; image < 3; image++) {
                String name = PictureFiles.name(image);
                assertEquals(
                        -1,
                        Files.mismatch(
                                folder.resolve("way0").resolve(name),
                                folder.resolve("way" + way).resolve(name)));
            }
        }
    }

    @Test
    void throughputIsMeasuredOfTheLargestBatchThatFits() {
        Path schedule = plan("window", "20%");
        List<String> arguments = List.of(
                "bench",
                "throughput",
                "janus-mini",
                "--kv-memory",
                "12MiB",
                "--schedule",
                schedule.toString(),
                "--tokens",
                "6",
                "--at-once",
                "1,99",
                "--json");
        Run run = Run.of(arguments.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        JsonNode rows = Json.parse(run.out(), "stdout");
        assertEquals(4, rows.size(), run.out());
        assertEquals(1, rows.get(0).get("images_at_once").asInt());
        assertEquals("window-20%", rows.get(3).get("cache").asString());
        int full = rows.get(1).get("images_at_once").asInt();
        assertTrue(rows.get(3).get("images_at_once").asInt() >= 4 * full, run.out());
        for (JsonNode row : rows) {
            assertEquals(6, row.get("timed_tokens").asInt());
            assertTrue(row.get("tokens_per_second").asDouble() > 0, run.out());
            assertTrue(row.get("weights_bytes_per_second").asDouble() > 0, run.out());
            assertTrue(row.get("memory_bytes_per_second").asDouble() > 0, run.out());
            long allocated = row.get("kv_allocated_bytes").asLong();
            assertTrue(allocated <= 12 << 20, run.out());
            // At the end of the image the forecast is reached to the byte.
            assertEquals(row.get("kv_forecast_bytes").asLong(), allocated, run.out());
        }
    }

    @Test
    void throughputOfWholeImagesOfBothKinds() {
        for (String model : List.of("janus-mini", "infinity-mini")) {
            Run run = Run.of("bench", "throughput", model, "--kv-memory", "64MiB", "--images", "1", "--json");
            assertEquals(0, run.code(), run.err());
            JsonNode row = Json.parse(run.out(), "stdout").get(0);
            assertTrue(row.get("images_per_second").asDouble() > 0, run.out());
            assertEquals(
                    model.equals("janus-mini"),
                    row.get("weights_bytes_per_second").asDouble(0) > 0,
                    run.out());
        }
    }

    @Test
    void throughputRefusesWhatCannotBeTimed() {
        Run scales = Run.of("bench", "throughput", "infinity-mini", "--kv-memory", "64MiB", "--tokens", "2");
        assertEquals(3, scales.code(), scales.err());
        assertTrue(scales.err().contains("whole scales"), scales.err());
        Run late = Run.of("bench", "throughput", "janus-mini", "--kv-memory", "64MiB", "--tokens", "9", "--at", "250");
        assertEquals(3, late.code(), late.err());
        assertTrue(late.err().contains("0 to 255"), late.err());
        Run early = Run.of("bench", "throughput", "janus-mini", "--kv-memory", "64MiB", "--tokens", "9", "--at", "1");
        assertEquals(3, early.code(), early.err());
        Run alone = Run.of("bench", "throughput", "janus-mini", "--kv-memory", "64MiB", "--at", "9");
        assertEquals(3, alone.code(), alone.err());
        Run small = Run.of("bench", "throughput", "janus-mini", "--kv-memory", "1KiB", "--json");
        assertEquals(0, small.code(), small.err());
        assertEquals(
                0,
                Json.parse(small.out(), "stdout").get(0).get("images_at_once").asInt());
        assertEquals(2, Run.of("bench", "throughput", "janus-mini").code());
    }
}
