package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.headwise.files.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** From published orders to schedules and back, against the schedules that HeatKV's own program computed. */
class ScheduleTest {
    private static final Path RECORDED = Path.of("../schedules/src/test/resources/reference");

    @TempDir
    Path folder;

    private Path orders;
    private Path out;

    @BeforeEach
    void prepare() throws IOException {
        orders = recorded("heatkv-orders-2b.json");
        out = folder.resolve("schedule.json");
    }

    private Path recorded(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(RECORDED.resolve(name + ".gz")))) {
            return Files.write(file, in.readAllBytes());
        }
    }

    private Run schedule(String... more) {
        String[] words = {
            "schedule", "heatkv", "--orders", orders.toString(), "--geometry", "infinity-2b", "--out", out.toString()
        };
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return Run.of(all);
    }

    @ParameterizedTest
    @CsvSource({"2b,5%,0.05", "2b,0.1,0.1", "2b,25%,0.25", "8b,10%,0.1"})
    void theExportIsWhatHeatKvComputes(String size, String budget, String recorded) throws IOException {
        Path of = recorded("heatkv-orders-" + size + ".json");
        String geometry = "infinity-" + size;
        Run plan = Run.of(
                "schedule",
                "heatkv",
                "--orders",
                of.toString(),
                "--geometry",
                geometry,
                "--budget",
                budget,
                "--out",
                out.toString());
        assertEquals(0, plan.code(), plan.err());
        Path strict = folder.resolve("strict.json");
        Run export = Run.of("export", out.toString(), "--format", "heatkv-strict", "--out", strict.toString());
        assertEquals(0, export.code(), export.err());
        assertEquals("", export.out());
        assertTrue(export.err().contains("loses"), export.err());
        assertEquals(
                Json.parse(Files.readString(recorded("heatkv-strict-" + size + "-" + recorded + ".json")), "recorded"),
                Json.parse(Files.readString(strict), "strict"));
    }

    @Test
    void equalCommandsWriteEqualBytesAndBothFormsOfABudgetAreOne() throws IOException {
        assertEquals(0, schedule("--budget", "10%").code());
        byte[] first = Files.readAllBytes(out);
        assertEquals(0, schedule("--budget", "10%").code());
        assertArrayEquals(first, Files.readAllBytes(out));
        JsonNode percent = Json.read(out);
        assertEquals(0, schedule("--budget", "0.1").code());
        for (String part : new String[] {"rules", "budget", "predicted", "geometry"}) {
            assertEquals(percent.get(part), Json.read(out).get(part));
        }
    }

    @Test
    void theTableHasTheLedger() {
        Run run = schedule("--budget", "10%", "--json");
        assertEquals(0, run.code(), run.err());
        JsonNode row = Json.parse(run.out(), "stdout").get(0);
        assertEquals("heatkv", row.get("method").asString());
        assertTrue(row.get("kept_share").asDouble() <= 10, run.out());
        assertTrue(row.get("kept_share").asDouble() > 9.9, run.out());
        assertEquals(10521L * 32 * 16 * 128 * 2 * 2, row.get("full_peak_bytes").asLong());
        JsonNode meanings = row.get("meanings");
        assertEquals(
                row.get("peak_bytes").asLong(),
                meanings.get("peak_live").get("tokens").asLong() * 2 * 128 * 2);
        assertEquals(
                2 * row.get("peak_bytes").asLong(),
                meanings.get("peak_live").get("bytes").get("BF16").asLong());
        assertTrue(meanings.get("peak_incoming").get("share").asDouble() <= 0.1, run.out());
        Run shown = schedule("--budget", "10%");
        assertTrue(shown.out().lines().anyMatch(line -> line.startsWith("peak incoming  ")), shown.out());
        assertTrue(shown.out().contains("in pages of 4 tokens of the runtime"), shown.out());
        assertTrue(run.err().contains("sha256"), run.err());
        assertEquals("", schedule("--budget", "10%", "--quiet").err());
    }

    @Test
    void anInfeasibleBudgetNamesTheSmallestOneAndThatOneWorks() {
        Run run = schedule("--budget", "0.1%");
        assertEquals(3, run.code());
        assertEquals("", run.out());
        assertFalse(Files.exists(out));
        String smallest = run.err().replaceAll("(?s).*smallest feasible budget is (0\\.\\d+).*", "$1");
        assertEquals(0, schedule("--budget", smallest).code());
    }

    @Test
    void wrongBudgetsAreUsageErrorsAndWrongFilesAreRefused() throws IOException {
        assertEquals(2, schedule("--budget", "150%").code());
        assertEquals(2, schedule("--budget", "ten").code());
        assertEquals(2, schedule().code());
        Files.writeString(orders, "[[[0,0]]]");
        Run run = schedule("--budget", "10%");
        assertEquals(3, run.code());
        assertTrue(run.err().contains("heatkv-orders-2b.json"), run.err());
        orders = folder.resolve("missing.json");
        assertEquals(3, schedule("--budget", "10%").code());
    }

    @Test
    void whatIsImportedIsExportedTheSame() throws IOException {
        Path strict = recorded("heatkv-strict-2b-0.1.json");
        Run imported = Run.of("import", strict.toString(), "--format", "heatkv-strict", "--out", out.toString());
        assertEquals(0, imported.code(), imported.err());
        Path again = folder.resolve("again.json");
        assertEquals(
                0,
                Run.of("export", out.toString(), "--format", "heatkv-strict", "--out", again.toString())
                        .code());
        assertEquals(Json.read(strict), Json.read(again));
        assertEquals(0, schedule("--budget", "10%").code());
        assertEquals(
                3,
                Run.of("import", out.toString(), "--format", "heatkv-strict", "--out", again.toString())
                        .code());
    }

    @Test
    void budgetsOfScaleKvGoInAndOutByteByByte() throws IOException {
        Path budget = RECORDED.resolve("scalekv-budget-2b-10.json");
        Run nameless = Run.of("import", budget.toString(), "--format", "scalekv-budget", "--out", out.toString());
        assertEquals(3, nameless.code());
        assertTrue(nameless.err().contains("--geometry"), nameless.err());
        Run run = Run.of(
                "import",
                budget.toString(),
                "--format",
                "scalekv-budget",
                "--geometry",
                "infinity-2b",
                "--out",
                out.toString());
        assertEquals(0, run.code(), run.err());
        Path again = folder.resolve("again.json");
        assertEquals(
                0,
                Run.of("export", out.toString(), "--format", "scalekv-budget", "--out", again.toString())
                        .code());
        assertArrayEquals(Files.readAllBytes(budget), Files.readAllBytes(again));
    }

    @Test
    void everyFormatIsWrittenAndAnUnknownOneNamesThem() {
        assertEquals(0, schedule("--budget", "25%").code());
        for (String format : new String[] {"csv", "safetensors-mask", "heatkv-strict"}) {
            Path file = folder.resolve("as-" + format);
            Run run = Run.of("export", out.toString(), "--format", format, "--out", file.toString());
            assertEquals(0, run.code(), run.err());
            assertTrue(Files.exists(file));
        }
        Run run = Run.of(
                "export",
                out.toString(),
                "--format",
                "yaml",
                "--out",
                folder.resolve("x").toString());
        assertEquals(3, run.code());
        assertTrue(run.err().contains("csv"), run.err());
    }
}
