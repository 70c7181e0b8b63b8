package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.files.FolderLock;
import org.headwise.files.Json;
import org.headwise.files.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CalibrateTest {
    private static String[] calibrate(Path out, int limit, String... more) {
        List<String> words = new java.util.ArrayList<>(List.of(
                "calibrate", "--prompts", "scenes-calibration", "--limit", "" + limit, "--out", out.toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private static byte[] profile(Path run) throws Exception {
        return Files.readAllBytes(run.resolve("profile/profile.safetensors"));
    }

    @Test
    void aFinishedRunIsLeftAsItIsAndForceStartsOver(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("a run");
        Run first = Run.of(calibrate(out, 2, "--json", "--observe", "scale-heat,sinks"));
        assertEquals(0, first.code(), first.err());
        JsonNode row = Json.parse(first.out(), "stdout").get(0);
        assertEquals(2, row.get("prompts").asInt());
        assertEquals(0, row.get("reused").asInt());
        assertEquals(Sha256.of(profile(out)), row.get("profile_sha256").asString());
        assertEquals(2, Json.read(out.resolve("run.json")).get("statistics").size());

        Run again = Run.of(calibrate(out, 2, "--json", "--observe", "scale-heat,sinks", "--threads", "1"));
        assertEquals(0, again.code(), again.err());
        assertEquals(2, Json.parse(again.out(), "stdout").get(0).get("reused").asInt());

        Run other = Run.of(calibrate(out, 3, "--observe", "scale-heat,sinks"));
        assertEquals(3, other.code());
        assertTrue(other.err().contains("other settings"), other.err());

        Run forced = Run.of(calibrate(out, 3, "--json", "--observe", "scale-heat", "--force"));
        assertEquals(0, forced.code(), forced.err());
        assertEquals(3, Json.parse(forced.out(), "stdout").get(0).get("prompts").asInt());
    }

    @Test
    void aBusyFolderEndsWithItsOwnCode(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("run");
        try (FolderLock _ = FolderLock.acquire(out)) {
            Run run = Run.of(calibrate(out, 1));
            assertEquals(75, run.code(), run.err());
            assertTrue(run.err().contains("in use"), run.err());
        }
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsWritten(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("run");
        Run unknown = Run.of(calibrate(out, 1, "--observe", "warmth"));
        assertEquals(3, unknown.code());
        assertTrue(unknown.err().contains("scale-heat"), unknown.err());
        assertEquals(2, Run.of(calibrate(out, 0)).code());
        assertEquals(2, Run.of("calibrate", "--out", out.toString()).code());
        assertFalse(Files.exists(out));
        Files.createDirectories(out);
        Files.writeString(out.resolve("thesis.tex"), "mine");
        assertEquals(3, Run.of(calibrate(out, 1)).code());
        assertEquals(3, Run.of(calibrate(out, 1, "--force")).code());
        assertEquals("mine", Files.readString(out.resolve("thesis.tex")));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process cannot be asked to end there, only killed")
    void aTerminatedRunTellsHowToGoOnAndEndsWithTheSameBytes(@TempDir Path folder) throws Exception {
        int prompts = 12;
        Path out = folder.resolve("stopped run");
        OtherProcess process = OtherProcess.start(folder, calibrate(out, prompts));
        Path journal = out.resolve("journal.jsonl");
        while (process.isAlive()
                && (!Files.exists(journal) || Files.readAllLines(journal).size() < 2)) {
            Thread.sleep(20);
        }
        assertEquals(143, process.terminate(), process.err());
        String resume = "  headwise calibrate --prompts scenes-calibration --limit 12 --out '" + out + "'";
        assertTrue(process.err().contains("interrupted"), process.err());
        assertTrue(process.err().lines().anyMatch(resume::equals), process.err());
        assertFalse(Files.exists(out.resolve("COMMIT")), "it was over before it could be stopped");

        Run resumed = Run.of(calibrate(out, prompts, "--json"));
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(Json.parse(resumed.out(), "stdout").get(0).get("reused").asInt() >= 2, resumed.out());
        Path whole = folder.resolve("whole");
        assertEquals(0, Run.of(calibrate(whole, prompts)).code());
        assertArrayEquals(profile(whole), profile(out));
    }
}
