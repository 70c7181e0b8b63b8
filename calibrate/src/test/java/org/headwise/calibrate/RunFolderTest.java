package org.headwise.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.datasets.SplitMix64;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path parent;

    private Path folder;

    @BeforeEach
    void finish() {
        folder = parent.resolve("run");
        RunFixture.finish(folder);
    }

    @Test
    void refusesWhatIsNoRun() throws IOException {
        assertRefused(parent.resolve("absent"), "no such folder");
        assertRefused(Files.createDirectory(parent.resolve("empty")), "there is no run.json in it");
    }

    @Test
    void refusesOtherVersions() throws IOException {
        edit("run.json", "headwise.run/1.0", "headwise.run/2.0");
        assertRefused(folder, "at /schema: schema \"headwise.run/2.0\" is too new");
        edit("run.json", "headwise.run/2.0", "headwise.run/1.1");
        assertRefused(folder, "too new");
        edit("run.json", "headwise.run/1.1", "headwise.run/0.9");
        assertRefused(folder, "too old");
        edit("run.json", "headwise.run/0.9", "headwise.schedule/1.0");
        assertRefused(folder, "found schema \"headwise.schedule/1.0\", expected \"headwise.run/1.0\"");
    }

    @Test
    void refusesEditedSettings() throws IOException {
        edit("run.json", "\"layers\" : 2", "\"layers\" : 3");
        assertRefused(folder, "at /geometry/fingerprint: found");
        edit("run.json", "\"layers\" : 3", "\"layers\" : 2");
        edit("run.json", "\"top_k\" : 0", "\"top_k\" : 9");
        assertRefused(folder, "run.json: it is not what the run wrote");
        edit("run.json", "\"top_k\" : 9", "\"top_k\" : 0, \"top_z\" : 1");
        assertRefused(folder, "at /sampling/top_z: this field is not known");
    }

    @Test
    void refusesUnfinishedRuns() throws IOException {
        Files.delete(folder.resolve("COMMIT"));
        assertRefused(folder, "the run is not finished: 4 of 4 prompts are done");
        Files.delete(folder.resolve("journal.jsonl"));
        assertRefused(folder, "the run is not finished: 0 of 4 prompts are done");
    }

    @Test
    void refusesDamage() throws IOException {
        Path shard = folder.resolve("profile/prompt-00002.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length - 3] ^= 4;
        Files.write(shard, bytes);
        RunFolder run = RunFolder.open(folder);
        run.prompt(1, "mass-conditional");
        String message = assertThrows(InputRefused.class, () -> run.prompt(2, "mass-conditional"))
                .getMessage();
        assertTrue(message.startsWith(shard + ": it is not what the run wrote"), message);
        Files.delete(shard);
        assertTrue(assertThrows(InputRefused.class, () -> run.prompt(2, "mass-conditional"))
                .getMessage()
                .contains("missing"));
        Files.delete(folder.resolve("profile/profile.safetensors"));
        assertRefused(folder, "profile.safetensors: this part of a finished run is missing");
    }

    @Test
    void namesTheStatisticsItHas() {
        assertTrue(assertThrows(InputRefused.class, () -> RunFolder.open(folder).merged("entropy"))
                .getMessage()
                .endsWith("the run has no statistic \"entropy\", it has mass-conditional, mass-unconditional"));
    }

    /** Whatever bytes are wrong, the answer is a refusal or the true content, never another error. */
    @Test
    void anyFlippedByteIsRefusedOrHarmless() throws IOException {
        var whole = RunFixture.content(folder);
        List<String> names = List.of("run.json", "journal.jsonl", "COMMIT", "profile/profile.safetensors");
        double[] mass = RunFolder.open(folder).merged("mass-conditional").get("mass");
        for (long seed = 0; seed < 150; seed++) {
            SplitMix64 random = new SplitMix64(seed);
            Path file = folder.resolve(names.get(random.below(names.size())));
            byte[] bytes = Files.readAllBytes(file);
            int at = random.below(bytes.length);
            bytes[at] = (byte) random.next();
            Files.write(file, bytes);
            try {
                org.junit.jupiter.api.Assertions.assertArrayEquals(
                        mass, RunFolder.open(folder).merged("mass-conditional").get("mass"));
            } catch (InputRefused e) {
                assertTrue(e.getMessage().contains(folder.toString()), "seed " + seed + ": " + e.getMessage());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", " + file + " byte " + at, e);
            }
            RunFixture.restore(whole, folder);
        }
    }

    @Test
    void clearsARunAndNothingElse() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        Files.writeString(folder.resolve("profile/mine.safetensors"), "mine");
        RunFolder.clear(folder);
        assertEquals(
                List.of(".lock", "notes.txt", "profile/mine.safetensors"),
                List.copyOf(RunFixture.content(folder).keySet()));
        assertTrue(assertThrows(InputRefused.class, () -> RunFolder.clear(folder))
                .getMessage()
                .contains("there is no calibration run"));
        assertTrue(Files.exists(folder.resolve("notes.txt")));
    }

    @Test
    void startsOverAfterClearing() {
        var before = RunFixture.content(folder);
        RunFolder.clear(folder);
        assertEquals(List.of(".lock"), List.copyOf(RunFixture.content(folder).keySet()));
        assertEquals(0, RunFixture.finish(folder).reused());
        assertEquals(before, RunFixture.content(folder));
    }

    private void edit(String name, String from, String to) throws IOException {
        Path file = folder.resolve(name);
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    private static void assertRefused(Path folder, String problem) {
        String message =
                assertThrows(InputRefused.class, () -> RunFolder.open(folder)).getMessage();
        assertTrue(message.startsWith(folder.toString()), message);
        assertTrue(message.contains(problem), message);
    }
}
