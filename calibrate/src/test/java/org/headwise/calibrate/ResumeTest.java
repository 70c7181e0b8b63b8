package org.headwise.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.attention.AttentionBlock;
import org.headwise.datasets.SplitMix64;
import org.headwise.files.Progress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happened to a run before, it ends with the bytes of an unbroken one. */
class ResumeTest {
    @TempDir
    Path folder;

    private SortedMap<String, String> unbroken;

    @BeforeEach
    void runUnbroken() {
        Path whole = folder.resolve("unbroken");
        assertEquals(new CalibrationRun.Result(CalibrationRun.End.FINISHED, 4, 0), RunFixture.finish(whole));
        unbroken = RunFixture.content(whole);
        assertEquals(9, unbroken.size(), unbroken.keySet().toString());
    }

    @Test
    void anyNumberOfThreadsGivesTheSame() {
        for (int threads : new int[] {2, 5}) {
            Path run = folder.resolve("threads" + threads);
            try (SeededAttentionModel model = new SeededAttentionModel(threads)) {
                RunFixture.run(model).into(run, Progress.NONE, () -> false);
            }
            assertEquals(unbroken, RunFixture.content(run), threads + " threads");
        }
    }

    @Test
    void cancellingBetweenPromptsLosesNothing() {
        for (int prompts = 0; prompts < 4; prompts++) {
            Path run = folder.resolve("cancelled" + prompts);
            try (SeededAttentionModel model = new SeededAttentionModel(1)) {
                assertEquals(
                        new CalibrationRun.Result(CalibrationRun.End.INTERRUPTED, prompts, 0),
                        RunFixture.run(model).into(run, Progress.NONE, RunFixture.after(prompts)));
                assertEquals(prompts, model.generated());
            }
            assertEquals(new CalibrationRun.Result(CalibrationRun.End.FINISHED, 4, prompts), RunFixture.finish(run));
            assertEquals(unbroken, RunFixture.content(run), "cancelled after " + prompts);
        }
    }

    @Test
    void failingWithinAPromptLosesThatPromptOnly() {
        // One observation per prompt, layer, step, head and kind of row: 24; the failures fall within every prompt.
        for (int fail = 1; fail < 4 * 24; fail += 13) {
            Path run = folder.resolve("failed" + fail);
            int[] left = {fail};
            List<Accumulator> statistics = new ArrayList<>(RunFixture.statistics());
            statistics.set(0, failing(statistics.getFirst(), left));
            try (SeededAttentionModel model = new SeededAttentionModel(1)) {
                CalibrationRun broken =
                        RunFixture.run(model, RunFixture.PROMPTS, statistics, RunFixture.sampling(3, 0));
                assertThrows(
                        OutOfMemoryError.class, () -> broken.into(run, Progress.NONE, () -> false), "after " + fail);
            }
            assertEquals((fail - 1) / 24, RunFixture.finish(run).reused(), "after " + fail);
            assertEquals(unbroken, RunFixture.content(run), "after " + fail);
        }
    }

    /** The state of the folder after every single file operation of a run, and within each. */
    @Test
    void dyingBetweenAnyTwoWritesLosesNothing() throws IOException {
        List<SortedMap<String, String>> states = statesOfARun();
        for (int i = 0; i < states.size(); i++) {
            Path run = folder.resolve("state" + i);
            RunFixture.restore(states.get(i), run);
            leaveTemporaryFiles(run, i > 0);
            RunFixture.finish(run);
            assertEquals(
                    unbroken,
                    RunFixture.content(run),
                    "state " + i + ": " + states.get(i).keySet());
        }
    }

    @Test
    void aTornJournalIsRepaired() throws IOException {
        String journal = unbroken.get("journal.jsonl");
        for (int bytes = 0; bytes < journal.length() / 2; bytes += 31) {
            Path run = folder.resolve("torn" + bytes);
            SortedMap<String, String> torn = new TreeMap<>(unbroken);
            torn.put("journal.jsonl", journal.substring(0, 2 * bytes));
            RunFixture.restore(torn, run);
            RunFixture.finish(run);
            assertEquals(unbroken, RunFixture.content(run), "journal cut at byte " + bytes);
        }
    }

    @Test
    void flippedBitsAreRepaired() {
        for (long seed = 0; seed < 60; seed++) {
            SplitMix64 random = new SplitMix64(seed);
            List<String> names = unbroken.keySet().stream()
                    .filter(name -> !name.equals("run.json") && !name.equals(".lock"))
                    .toList();
            String name = names.get(random.below(names.size()));
            StringBuilder hex = new StringBuilder(unbroken.get(name));
            int digit = random.below(hex.length());
            int flipped = Character.digit(hex.charAt(digit), 16) ^ 1 << random.below(4);
            hex.setCharAt(digit, Character.forDigit(flipped, 16));
            SortedMap<String, String> damaged = new TreeMap<>(unbroken);
            damaged.put(name, hex.toString());
            Path run = folder.resolve("flipped" + seed);
            RunFixture.restore(damaged, run);
            RunFixture.finish(run);
            assertEquals(unbroken, RunFixture.content(run), "seed " + seed + ": " + name + " digit " + digit);
        }
    }

    @Test
    void missingFilesAreMadeAgain() {
        for (String name : unbroken.keySet()) {
            if (!name.equals("run.json")) {
                SortedMap<String, String> fewer = new TreeMap<>(unbroken);
                fewer.remove(name);
                Path run = folder.resolve("without-" + name.replace('/', '-'));
                RunFixture.restore(fewer, run);
                RunFixture.finish(run);
                assertEquals(unbroken, RunFixture.content(run), "without " + name);
            }
        }
    }

    @Test
    void aFinishedRunIsLeftAsItIs() throws IOException {
        Path run = folder.resolve("unbroken");
        var before = Files.getLastModifiedTime(run.resolve("profile/profile.safetensors"));
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            assertEquals(
                    new CalibrationRun.Result(CalibrationRun.End.ALREADY_FINISHED, 4, 4),
                    RunFixture.run(model).into(run, Progress.NONE, () -> false));
            assertEquals(0, model.generated());
        }
        assertEquals(unbroken, RunFixture.content(run));
        assertEquals(before, Files.getLastModifiedTime(run.resolve("profile/profile.safetensors")));
    }

    /** What a process leaves that is killed while it writes: before run.json is there, nothing else is. */
    private static void leaveTemporaryFiles(Path run, boolean started) throws IOException {
        String suffix = ".tmp-01234567-89ab-cdef-0123-456789abcdef";
        Files.createDirectories(run);
        Files.writeString(run.resolve(".run.json" + suffix), "{");
        if (started) {
            Files.createDirectories(run.resolve("profile"));
            Files.writeString(run.resolve("profile/.prompt-00001.safetensors" + suffix), "x");
        }
    }

    private List<SortedMap<String, String>> statesOfARun() {
        List<SortedMap<String, String>> states = new ArrayList<>();
        SortedMap<String, String> state = new TreeMap<>();
        states.add(new TreeMap<>(state));
        state.put("run.json", unbroken.get("run.json"));
        states.add(new TreeMap<>(state));
        String journal = unbroken.get("journal.jsonl");
        int begin = 0;
        for (int i = 0; i < 4; i++) {
            String shard = "profile/" + RunLayout.shardName(i);
            state.put(shard, unbroken.get(shard));
            states.add(new TreeMap<>(state));
            int end = begin;
            while (!journal.startsWith("0a", end)) {
                end += 2;
            }
            end += 2;
            state.put("journal.jsonl", journal.substring(0, (begin + end) / 4 * 2));
            states.add(new TreeMap<>(state));
            state.put("journal.jsonl", journal.substring(0, end));
            states.add(new TreeMap<>(state));
            begin = end;
        }
        state.put("profile/profile.safetensors", unbroken.get("profile/profile.safetensors"));
        states.add(new TreeMap<>(state));
        assertTrue(states.size() > 14);
        return states;
    }

    private static Accumulator failing(Accumulator statistic, int[] left) {
        return new Accumulator() {
            @Override
            public String name() {
                return statistic.name();
            }

            @Override
            public int version() {
                return statistic.version();
            }

            @Override
            public Sums sums() {
                return statistic.sums();
            }

            @Override
            public boolean wants(org.headwise.attention.Guidance guidance) {
                return statistic.wants(guidance);
            }

            @Override
            public void observe(AttentionBlock block) {
                if (--left[0] == 0) {
                    throw new OutOfMemoryError("made by the test");
                }
                statistic.observe(block);
            }
        };
    }
}
