package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.headwise.files.Json;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.evaluate.EvaluationFile;
import org.headwise.schedules.runtime.PageLedger;
import org.headwise.schedules.runtime.Storage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Methods at equal bytes on prompts that no calibration has seen, by the command line on the bundled mini model. */
class FairSweepTest {
    @TempDir
    static Path folder;

    private static Path run;
    private static Path quarter;

    @BeforeAll
    static void calibrate() {
        run = folder.resolve("run");
        quarter = folder.resolve("quarter.json");
        assertEquals(
                0,
                Run.of("calibrate", "--prompts", "scenes-calibration", "--limit", "3", "--out", run.toString())
                        .code());
        Run planned = headwise("schedule heatkv RUN --budget 25% --set protect=2 --out OUT/quarter.json");
        assertEquals(0, planned.code(), planned.err());
    }

    /** A command line with RUN and OUT for the folders of this test. */
    private static Run headwise(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.split(" ")) {
            words.add(word.replace("RUN", run.toString()).replace("OUT", folder.toString()));
        }
        return Run.of(words.toArray(String[]::new));
    }

    private static long peak(Path schedule) {
        return PageLedger.of(ScheduleJson.read(schedule), 2, Storage.F32).peak();
    }

    @Test
    void aMethodIsPlannedToTheBytesOfAnother() {
        Run planned = headwise("schedule scalekv RUN --match allocated=OUT/quarter.json --out OUT/equal.json");
        assertEquals(0, planned.code(), planned.err());
        Path equal = folder.resolve("equal.json");
        assertTrue(peak(equal) <= peak(quarter) && peak(equal) > 0.98 * peak(quarter), planned.err());
        assertTrue(planned.err().contains("allocates"), planned.err());
        Schedule schedule = ScheduleJson.read(equal);
        assertEquals("allocated", schedule.provenance().settings().get("match"));
        assertEquals(3, schedule.provenance().calibrationPrompts().size());
        assertEquals(
                quarter.toString(), schedule.provenance().inputs().getLast().name());

        assertEquals(2, headwise("schedule scalekv RUN --out OUT/x.json").code());
        assertEquals(
                2,
                headwise("schedule scalekv RUN --budget 10% --match allocated=OUT/quarter.json --out OUT/x.json")
                        .code());
        assertEquals(
                2,
                headwise("schedule scalekv RUN --match reserved=OUT/quarter.json --out OUT/x.json")
                        .code());
        assertEquals(
                3,
                headwise("schedule scalekv RUN --match allocated=OUT/none.json --out OUT/x.json")
                        .code());
        assertFalse(Files.exists(folder.resolve("x.json")));
    }

    @Test
    void promptsOfTheCalibrationAreRefusedUnlessTheyAreMeant() throws Exception {
        List<String> seen = Files.readAllLines(run.resolve("journal.jsonl")).stream()
                .map(line -> Json.parse(line, "journal").get("prompt").asString())
                .toList();
        String shouted = seen.get(1).toUpperCase(Locale.ROOT).replace(" ", "  ");
        Files.write(folder.resolve("mixed.txt"), List.of("something new", shouted));
        String evaluate =
                "evaluate --schedule OUT/quarter.json --prompts OUT/mixed.txt --images 0 --out OUT/seen --json";
        Run refused = headwise(evaluate);
        assertEquals(3, refused.code());
        assertTrue(refused.err().contains("1 of the 2 prompts"), refused.err());
        assertTrue(refused.err().contains(shouted), refused.err());
        assertFalse(Files.exists(folder.resolve("seen/evaluation.json")));
        Run sweep =
                headwise("sweep --run RUN --set protect=2 --prompts scenes-calibration --limit 2 --out OUT/sweep-seen");
        assertEquals(3, sweep.code());
        assertTrue(sweep.err().contains("2 of the 2 prompts of scenes-calibration"), sweep.err());

        Run meant = headwise(evaluate + " --allow-overlap");
        assertEquals(0, meant.code(), meant.err());
        assertTrue(EvaluationFile.read(folder.resolve("seen/evaluation.json"))
                .provenance()
                .settings()
                .get("overlap")
                .contains("1 prompts"));
        // Neither prompt is a caption as the grammar has it.
        assertTrue(meant.err().contains("no prompt describes a scene"), meant.err());
        assertEquals(
                0,
                Json.parse(meant.out(), "stdout")
                        .get(0)
                        .get("alignment")
                        .get("n")
                        .asInt());
    }

    @Test
    void schedulesThatDoNotSayWhatTheySawAreTakenWithANote() throws Exception {
        ObjectNode old = (ObjectNode) Json.read(quarter);
        ((ObjectNode) old.get("provenance")).remove("calibration_prompts");
        Files.writeString(folder.resolve("old.json"), Json.pretty(old));
        Run evaluated = headwise(
                "evaluate --schedule OUT/old.json --prompts scenes-calibration --limit 1 --images 0 --out OUT/old");
        assertEquals(0, evaluated.code(), evaluated.err());
        assertTrue(evaluated.err().contains("heatkv-25% does not say which prompts"), evaluated.err());
    }

    @Test
    void aMatchedSweepComparesMethodsAtEqualBytes() throws Exception {
        String line = "sweep --run RUN --methods heatkv,window,scalekv:allocation=released,full --set protect=2"
                + " --budgets 50%,10% --match allocated --prompts scenes-evaluation --limit 3 --images 1"
                + " --out OUT/fair --json";
        Run sweep = headwise(line);
        assertEquals(0, sweep.code(), sweep.err());
        JsonNode rows = Json.parse(sweep.out(), "stdout");
        List<String> names = new ArrayList<>();
        rows.forEach(row -> names.add(row.get("name").asString()));
        assertEquals(
                List.of(
                        "full",
                        "heatkv-50%",
                        "heatkv-10%",
                        "window-50%",
                        "window-10%",
                        "scalekv:allocation=released-50%",
                        "scalekv:allocation=released-10%"),
                names);
        for (int row = 3; row < 7; row++) {
            long found = rows.get(row).get("peak_bytes").asLong();
            long limit = rows.get(row % 2 == 1 ? 1 : 2).get("peak_bytes").asLong();
            assertTrue(found <= limit && found > 0.95 * limit, names.get(row) + ": " + found + " of " + limit);
            assertEquals(3, rows.get(row).get("alignment").get("n").asInt());
        }
        assertTrue(sweep.err().contains("full at 50% is left out"), sweep.err());
        Path out = folder.resolve("fair");
        String page = Files.readString(out.resolve("report.html"));
        assertTrue(page.contains("Pareto front: KL"), "the front is missing in the report");
        assertTrue(page.contains("full at 10% is left out"), "the note is missing in the report");
        // SSIM, bits, KL and alignment at two budgets, three pairs each.
        List<String> tests = Files.readAllLines(out.resolve("report-data/tests.csv"));
        assertEquals(1 + 4 * 2 * 3, tests.size());
        assertTrue(tests.get(1).contains("heatkv,window"), tests.get(1));

        byte[] measured = Files.readAllBytes(out.resolve("evaluation/evaluation.json"));
        assertEquals(sweep.out(), headwise(line).out());
        assertArrayEquals(measured, Files.readAllBytes(out.resolve("evaluation/evaluation.json")));
    }

    @Test
    void methodsWithWrongOptionsAreRefused() {
        for (String methods : List.of("heatkv:warmth=1", "heatkv:protect", "heatkv:protect=2:protect=3", "coldkv")) {
            Run refused = headwise(
                    "sweep --run RUN --methods " + methods + " --prompts scenes-evaluation --limit 1 --out OUT/none");
            assertEquals(3, refused.code(), methods + ": " + refused.err());
        }
    }
}
