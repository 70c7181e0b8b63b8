package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.headwise.files.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** HeatKV at 10% and ScaleKV's released 10% for the 2B model, and schedules of the bundled mini that are run. */
class CompareTest {
    private static final Path RECORDED = Path.of("../schedules/src/test/resources/reference");

    @TempDir
    static Path folder;

    private static Path heat;
    private static Path scale;

    @BeforeAll
    static void plan() throws IOException {
        Path orders = folder.resolve("orders.json");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(RECORDED.resolve("heatkv-orders-2b.json.gz")))) {
            Files.write(orders, in.readAllBytes());
        }
        heat = folder.resolve("heat.json");
        scale = folder.resolve("scale.json");
        done("schedule", "heatkv", "--orders", orders, "--geometry", "infinity-2b", "--budget", "10%", "--out", heat);
        Path budget = RECORDED.resolve("scalekv-budget-2b-10.json");
        done("import", budget, "--format", "scalekv-budget", "--geometry", "infinity-2b", "--out", scale);
    }

    private static Run run(Object... words) {
        return Run.of(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
    }

    private static Run done(Object... words) {
        Run run = run(words);
        assertEquals(0, run.code(), run.err());
        return run;
    }

    @Test
    void tenPercentOfTwoPapersAreDifferentBudgets() {
        Path json = folder.resolve("both.json");
        Run run = done("compare", heat, scale, "--json", json);
        JsonNode both = Json.read(json);
        assertEquals("headwise-comparison", both.get("format").asString());
        assertEquals(1, both.get("version").asInt());
        assertEquals("e45dc8d3af674217", both.get("geometry").get("fingerprint").asString());
        assertEquals(2, both.get("provenance").get("inputs").size());
        JsonNode heats = both.get("schedules").get(0).get("meanings");
        JsonNode scales = both.get("schedules").get(1).get("meanings");
        // 10,521 tokens of which the last 4,096 are never kept; 32 layers of 16 heads.
        long full = 6425L * 512;
        assertEquals(full, heats.get("peak_incoming").get("full_tokens").asLong());
        assertTrue(heats.get("peak_incoming").get("tokens").asLong() <= full / 10);
        // The file's numbers: 650 tokens a head on average after every scale from the eighth on.
        assertEquals(650L * 512, scales.get("between_steps").get("tokens").asLong());
        assertTrue(scales.get("peak_incoming").get("tokens").asLong() > 1.1 * full / 10);
        long bytes = scales.get("allocated").get("bytes").get("BF16").asLong();
        assertEquals(scales.get("allocated").get("tokens").asLong() * 2 * 128 * 2 * 2, bytes);
        assertFalse(scales.get("allocated").get("equal").asBoolean());
        assertTrue(heats.get("allocated").get("equal").asBoolean());
        JsonNode overlap = both.get("overlaps").get(0);
        assertEquals(1, overlap.get("by_step").get(0).asDouble());
        double least = overlap.get("last").get(0).asDouble();
        double most = overlap.get("last").get(1).asDouble();
        assertTrue(0 < least && least < most && most < 0.3, overlap.get("last").toString());
        assertTrue(run.out().contains("differ in: between steps (by 1.3%)"), run.out());
        assertTrue(run.err().contains("known only when a model runs"), run.err());
        Run lenient = done("compare", heat, scale, "--tolerance", "2%");
        assertTrue(lenient.out().contains("between steps (within 1.32%)"), lenient.out());
    }

    @Test
    void aScheduleAndItselfAreEqualInEverything() {
        Run run = done("compare", heat, heat);
        assertTrue(
                run.out().contains("heat (2) and heat (1) are equal in: between steps (exactly), peak incoming"),
                run.out());
        assertFalse(run.out().contains("differ"), run.out());
        assertTrue(
                run.out().lines().anyMatch(line -> line.matches("heat \\(1\\) \\| heat \\(2\\) +1\\.000 +1\\.000")),
                run.out());
    }

    @Test
    void equalCommandsWriteEqualFilesAndTheTableHasEveryNumber() throws IOException {
        Path json = folder.resolve("equal.json");
        Path csv = folder.resolve("equal.csv");
        Path html = folder.resolve("equal.html");
        Object[] command = {"compare", heat, scale, "--json", json, "--csv", csv, "--html", html};
        done(command);
        List<byte[]> first = new ArrayList<>();
        for (Path file : List.of(json, csv, html)) {
            first.add(Files.readAllBytes(file));
        }
        done(command);
        for (Path file : List.of(json, csv, html)) {
            assertArrayEquals(first.removeFirst(), Files.readAllBytes(file), file.toString());
        }
        JsonNode both = Json.read(json);
        List<String> lines = Files.readAllLines(csv);
        assertEquals("measure,schedule,other,step,source,layer,kv_head,least,most,full", lines.getFirst());
        long tokens = both.get("schedules")
                .get(0)
                .get("kept")
                .get("by_step")
                .get("least")
                .get(9)
                .asLong();
        assertTrue(lines.contains("kept_tokens,heatkv-10%,,9,,,," + tokens + ".0," + tokens + ".0,"
                + both.get("schedules")
                        .get(0)
                        .get("kept")
                        .get("by_step")
                        .get("full")
                        .get(9)
                        .asLong() + ".0"));
        JsonNode of =
                both.get("overlaps").get(0).get("last_by_layer_and_head").get(3).get(5);
        assertTrue(lines.contains("jaccard,heatkv-10%,scalekv-10.117%,12,,3,5,"
                + of.get(0).asDouble() + "," + of.get(1).asDouble() + ","));
        JsonNode beside = Json.read(folder.resolve("equal.csv.provenance.json"));
        assertEquals("e45dc8d3af674217", beside.get("fingerprint").asString());
        assertEquals(both.get("provenance"), beside.get("provenance"));
        String page = Files.readString(html);
        assertTrue(page.contains("<svg") && page.contains("scalekv-10.117%"), "no charts");
        assertFalse(page.contains("<script"), "a script");
    }

    @Test
    void cachesThatRunHaveOneOverlapAndTheMemoryThatWasPredicted() {
        Path runFolder = folder.resolve("run");
        done("calibrate", "--prompts", "scenes-calibration", "--limit", "1", "--out", runFolder);
        Path snap = folder.resolve("snap.json");
        Path window = folder.resolve("window.json");
        done("schedule", "snapkv", runFolder, "--budget", "20%", "--out", snap);
        done("schedule", "window", runFolder, "--budget", "20%", "--out", window);
        Path json = folder.resolve("counted.json");
        Path known = folder.resolve("known.json");
        done("compare", snap, window, "--json", known);
        Run run = done(
                "compare",
                snap,
                window,
                "--json",
                json,
                "--model",
                "infinity-mini",
                "--prompts",
                "scenes-evaluation",
                "--limit",
                "1",
                "--no-progress");
        JsonNode counted = Json.read(json);
        JsonNode bounds = Json.read(known).get("overlaps").get(0).get("last");
        double overlap = counted.get("overlaps").get(0).get("last").asDouble();
        assertTrue(
                bounds.get(0).asDouble() <= overlap && overlap <= bounds.get(1).asDouble(), overlap + ": " + bounds);
        assertEquals(1, counted.get("counted").get("prompts").asInt());
        for (JsonNode one : counted.get("schedules")) {
            assertEquals(
                    one.get("meanings").get("allocated").get("bytes").get("F32").asLong(),
                    one.get("counted_peak_bytes").asLong());
            assertTrue(one.get("meanings").get("allocated").get("equal").asBoolean());
        }
        assertTrue(run.out().contains("N = 1 prompts of 2 batch rows"), run.out());
        Run mixed = run("compare", heat, snap);
        assertEquals(3, mixed.code());
        assertTrue(mixed.err().contains("snap.json: wrong geometry: layers found"), mixed.err());
        assertEquals(1, mixed.err().lines().count(), mixed.err());
        Run other = run("compare", heat, scale, "--model", "infinity-mini", "--prompts", "scenes-evaluation");
        assertEquals(3, other.code());
        assertTrue(other.err().contains("wrong geometry"), other.err());
    }

    @Test
    void badInputIsRefusedInOneSentence() throws IOException {
        assertEquals(2, run("compare").code());
        Run one = run("compare", heat);
        assertEquals(2, one.code());
        assertEquals("", one.out());
        Run missing = run("compare", heat, folder.resolve("nowhere.json"));
        assertEquals(3, missing.code());
        assertTrue(missing.err().contains("nowhere.json: no such file"), missing.err());
        Path corrupt = Files.writeString(
                folder.resolve("corrupt.json"), Files.readString(scale).replaceFirst("\"tokens\"", "\"tokenz\""));
        Run refused = run("compare", heat, corrupt);
        assertEquals(3, refused.code());
        assertTrue(refused.err().contains("corrupt.json"), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
        assertEquals(2, run("compare", heat, scale, "--tolerance", "much").code());
        assertEquals(2, run("compare", heat, scale, "--model", "infinity-mini").code());
        Run same = run("compare", heat, scale, "--json", "x.json", "--csv", "x.json");
        assertEquals(3, same.code());
        assertTrue(same.err().contains("cannot have one name"), same.err());
    }

    @Test
    void aScheduleIsNeverReplaced() throws IOException {
        byte[] before = Files.readAllBytes(heat);
        Run run = run("compare", scale, scale, "--json", heat);
        assertEquals(3, run.code());
        assertTrue(run.err().contains("this is a schedule, which the comparison would replace"), run.err());
        assertArrayEquals(before, Files.readAllBytes(heat));
    }
}
