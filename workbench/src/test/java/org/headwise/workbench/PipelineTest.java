package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.Json;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands after a calibration, each fed by the one before, on the bundled mini model. */
class PipelineTest {
    @TempDir
    static Path folder;

    private static Path run;

    @BeforeAll
    static void calibrate() {
        run = folder.resolve("a run");
        Run calibrated =
                Run.of("calibrate", "--prompts", "scenes-calibration", "--limit", "4", "--out", run.toString());
        assertEquals(0, calibrated.code(), calibrated.err());
    }

    private static Path schedule(String budget, Path out) {
        Run planned = Run.of(
                "schedule", "heatkv", run.toString(), "--budget", budget, "--protect", "2", "--out", out.toString());
        assertEquals(0, planned.code(), planned.err());
        return out;
    }

    @Test
    void analyzeShowsHeadsAndStability() throws Exception {
        Run shown = Run.of("analyze", run.toString(), "--sort", "-dispersion.entropy", "--top", "5");
        assertEquals(0, shown.code(), shown.err());
        List<String> lines = shown.out().lines().toList();
        assertTrue(lines.getFirst().contains("dispersion.entropy"), shown.out());
        assertEquals("... and 59 more heads", lines.get(6));
        assertTrue(shown.out().contains("Spearman"), shown.out());
        assertTrue(shown.err().contains("N = 4 prompts"), shown.err());
        assertEquals(
                1 + 64, Files.readAllLines(run.resolve("analysis/heads.csv")).size());

        JsonNode json = Json.parse(Run.of("analyze", run.toString(), "--json").out(), "stdout");
        assertEquals(64, json.get("heads").size());
        // Groups of one prompt and of two.
        assertEquals(2, json.get("stability").size());
        double spearman = json.get("stability").get(1).get("spearman").asDouble();
        assertTrue(spearman >= -1 && spearman <= 1, "" + spearman);
        assertEquals(3, Run.of("analyze", run.toString(), "--sort", "charm").code());
        assertEquals(3, Run.of("analyze", folder.resolve("nothing").toString()).code());
    }

    @Test
    void aScheduleFromARunNamesItsProfile() {
        Schedule schedule = ScheduleJson.read(schedule("25%", folder.resolve("from-run.json")));
        assertEquals("heatkv", schedule.method());
        assertEquals("2", schedule.parameters().get("protect"));
        assertTrue(
                schedule.provenance().inputs().getFirst().name().endsWith("profile.safetensors"),
                schedule.provenance().toString());
        assertEquals(4, schedule.provenance().counts().get("prompts"));
        Run unknown = Run.of("schedule", "coldkv", run.toString(), "--budget", "25%", "--out", "x.json");
        assertEquals(3, unknown.code());
        assertTrue(unknown.err().contains("heatkv"), unknown.err());
        Run option =
                Run.of("schedule", "heatkv", run.toString(), "--set", "warmth=3", "--budget", "25%", "--out", "x.json");
        assertEquals(3, option.code());
        assertTrue(option.err().contains("protect"), option.err());
    }

    @Test
    void evaluateComparesWithTheFullCache() {
        Path all = schedule("100%", folder.resolve("all.json"));
        Path tenth = schedule("10%", folder.resolve("tenth.json"));
        Path out = folder.resolve("evaluation");
        String[] evaluate = {
            "evaluate",
            "--schedule",
            all.toString(),
            tenth.toString(),
            "--prompts",
            "scenes-evaluation",
            "--limit",
            "2",
            "--images",
            "1",
            "--out",
            out.toString(),
            "--json"
        };
        Run first = Run.of(evaluate);
        assertEquals(0, first.code(), first.err());
        JsonNode rows = Json.parse(first.out(), "stdout");
        assertEquals(List.of("full", "heatkv-100%", "heatkv-10%"), texts(rows, "name"));
        // Nothing is pruned at 100%: the very same pictures, all bits, no divergence.
        assertEquals(2, rows.get(1).get("psnr").get("infinite").asInt());
        assertEquals(1, rows.get(1).get("equal_bits").get("mean").asDouble());
        assertEquals(0, rows.get(1).get("kl").get("mean").asDouble(), 1e-9);
        assertTrue(rows.get(2).get("kl").get("mean").asDouble() > 1e-4, first.out());
        assertTrue(rows.get(2).get("peak_share").asDouble() < 15, first.out());
        assertTrue(Files.exists(out.resolve("images/00000-full.png")));
        assertFalse(Files.exists(out.resolve("images/00001-full.png")));

        Run again = Run.of(evaluate);
        assertEquals(rows, Json.parse(again.out(), "stdout"), "a finished evaluation is not measured again");
        Run other = Run.of(
                "evaluate",
                "--schedule",
                tenth.toString(),
                "--prompts",
                "scenes-evaluation",
                "--limit",
                "1",
                "--out",
                out.toString());
        assertEquals(3, other.code());
        assertTrue(other.err().contains("--force"), other.err());
    }

    @Test
    void aScheduleOfAnotherModelIsRefused() throws Exception {
        Path orders = folder.resolve("orders.json");
        List<List<List<Integer>>> list = new ArrayList<>();
        for (int source = 0; source < 3; source++) {
            List<List<Integer>> order = new ArrayList<>();
            for (int layer = 0; layer < 12; layer++) {
                for (int head = 0; head < 8; head++) {
                    order.add(List.of(head, layer));
                }
            }
            list.add(order);
        }
        Files.writeString(orders, Json.line(list));
        Path foreign = folder.resolve("foreign.json");
        Run planned = Run.of(
                "schedule",
                "heatkv",
                "--orders",
                orders.toString(),
                "--geometry",
                "infinity-125m",
                "--budget",
                "50%",
                "--out",
                foreign.toString());
        assertEquals(0, planned.code(), planned.err());
        Run run = Run.of(
                "evaluate",
                "--schedule",
                foreign.toString(),
                "--prompts",
                "scenes-evaluation",
                "--limit",
                "1",
                "--out",
                folder.resolve("refused").toString());
        assertEquals(3, run.code(), run.err());
        assertTrue(run.err().contains("12"), run.err());
    }

    @Test
    void sweepLeavesOutWhatCannotBeMetAndWritesAReport() throws Exception {
        Path out = folder.resolve("sweep");
        Run sweep = Run.of(
                "sweep",
                "--run",
                run.toString(),
                "--budgets",
                "50%,1%",
                "--protect",
                "2",
                "--prompts",
                "scenes-evaluation",
                "--limit",
                "1",
                "--out",
                out.toString(),
                "--json");
        assertEquals(0, sweep.code(), sweep.err());
        assertEquals(List.of("full", "heatkv-50%"), texts(Json.parse(sweep.out(), "stdout"), "name"));
        assertTrue(sweep.err().contains("heatkv at 1% is left out"), sweep.err());
        String page = Files.readString(out.resolve("report.html"));
        assertTrue(page.contains("heatkv-50%"), "the schedule is missing in the report");
        assertTrue(page.contains("is left out"), "the note is missing in the report");

        Run unknown = Run.of(
                "sweep",
                "--run",
                run.toString(),
                "--set",
                "warmth=1",
                "--prompts",
                "scenes-evaluation",
                "--out",
                folder.resolve("none").toString());
        assertEquals(3, unknown.code());
        assertTrue(unknown.err().contains("warmth"), unknown.err());
        Run none = Run.of(
                "sweep",
                "--run",
                run.toString(),
                "--budgets",
                "1%",
                "--prompts",
                "scenes-evaluation",
                "--out",
                folder.resolve("none").toString());
        assertEquals(3, none.code());
    }

    @Test
    void exportedOrdersAreThoseOfTheRun() throws Exception {
        Path orders = folder.resolve("own-orders.json");
        Run run = Run.of(
                "export",
                PipelineTest.run.toString(),
                "--format",
                "heatkv-orders",
                "--protect",
                "2",
                "--out",
                orders.toString());
        assertEquals(0, run.code(), run.err());
        // Scales 2 to 5 of seven, 64 heads each.
        JsonNode lists = Json.read(orders);
        assertEquals(4, lists.size());
        JsonNode csv = Json.parse(
                        Run.of("analyze", PipelineTest.run.toString(), "--json").out(), "stdout")
                .get("heads");
        double least = Double.POSITIVE_INFINITY;
        JsonNode coldest = null;
        for (JsonNode head : csv) {
            if (head.get("scale-heat.scas_2").asDouble() < least) {
                least = head.get("scale-heat.scas_2").asDouble();
                coldest = head;
            }
        }
        assertEquals(64, lists.get(0).size());
        assertEquals(coldest.get("head").asInt(), lists.get(0).get(0).get(0).asInt());
        assertEquals(coldest.get("layer").asInt(), lists.get(0).get(0).get(1).asInt());
    }

    @Test
    void doctorFindsWhatWasChangedInARun() throws Exception {
        Path copy = folder.resolve("copy");
        try (java.util.stream.Stream<Path> files = Files.walk(run)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(run.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        schedule("25%", copy.resolve("schedules/a.json"));
        Run well = Run.of("doctor", copy.toString());
        assertEquals(0, well.code(), well.out());
        assertEquals(2, well.out().lines().count(), well.out());
        Path shard = copy.resolve("profile/prompt-00002.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length - 1] ^= 1;
        Files.write(shard, bytes);
        Files.writeString(copy.resolve("schedules/a.json"), "{}");
        Run ill = Run.of("doctor", copy.toString());
        assertEquals(4, ill.code(), ill.out());
        assertTrue(ill.out().lines().allMatch(line -> line.startsWith("FAIL")), ill.out());
        assertTrue(ill.out().contains("prompt-00002"), ill.out());
        assertEquals(4, Run.of("doctor", folder.resolve("none").toString()).code());
    }

    @Test
    void aReportOfACalibrationAloneSaysWhatIsMissing() throws Exception {
        Path out = folder.resolve("alone.html");
        Run report = Run.of("report", run.toString(), "--out", out.toString());
        assertEquals(0, report.code(), report.err());
        assertEquals(out + System.lineSeparator(), report.out());
        assertTrue(Files.size(out) < 2_000_000);
        byte[] first = Files.readAllBytes(out);
        assertEquals(
                0, Run.of("report", run.toString(), "--out", out.toString()).code());
        assertArrayEquals(first, Files.readAllBytes(out));
    }

    private static List<String> texts(JsonNode rows, String field) {
        List<String> texts = new ArrayList<>();
        rows.forEach(row -> texts.add(row.get(field).asString()));
        return texts;
    }
}
