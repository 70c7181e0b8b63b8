package org.headwise.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.files.FolderBusy;
import org.headwise.files.FolderLock;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationRunTest {
    private static final RunSampling SAMPLING = RunFixture.sampling(3, 0);

    @TempDir
    Path folder;

    @Test
    void sumsAreThoseOfTheModel() {
        RunFixture.finish(folder);
        RunFolder run = RunFolder.open(folder);
        List<Accumulator> direct = RunFixture.statistics();
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            for (int i = 0; i < RunFixture.PROMPTS.size(); i++) {
                direct.forEach(statistic -> statistic.sums().clear());
                model.generate(
                        SAMPLING.request(RunFixture.PROMPTS.get(i), 42 + i),
                        new FullCache(),
                        new CombinedObserver(List.copyOf(direct)));
                for (Accumulator statistic : direct) {
                    Sums read = run.prompt(i, statistic.name());
                    assertEquals(
                            List.copyOf(statistic.sums().arrays().keySet()),
                            List.copyOf(read.arrays().keySet()));
                    assertArrayEquals(statistic.sums().get("mass"), read.get("mass"));
                    assertArrayEquals(
                            new int[] {2, 4, 3, 3}, read.arrays().get("mass").shape());
                }
            }
        }
        // 14 queries per prompt, each with attention of 1, over 4 prompts.
        for (double queries : run.merged("mass-conditional").get("queries")) {
            assertEquals(4 * 14, queries);
        }
        double mass = 0;
        for (double value : run.merged("mass-unconditional").get("mass")) {
            mass += value;
        }
        assertEquals(4 * 14 * 8, mass, 1e-3);
    }

    @Test
    void rereadsWhatItWrote() {
        RunFixture.finish(folder);
        RunFolder run = RunFolder.open(folder);
        assertEquals(RunFixture.description(RunFixture.PROMPTS, SAMPLING, "calibrate"), run.description());
        assertEquals(SeededAttentionModel.GEOMETRY, run.geometry());
        assertEquals("3.0", run.description().provenance().settings().get("guidance"));
        assertEquals("42 to 45", run.description().provenance().settings().get("seeds"));
        assertEquals(4L, run.description().provenance().counts().get("prompts"));
        assertEquals(
                RunFixture.PROMPTS,
                run.records().stream().map(JournalRecord::prompt).toList());
    }

    @Test
    void otherSettingsAreRefusedByTheFirstDifference() {
        RunFixture.finish(folder);
        assertDifferent(RunFixture.PROMPTS, RunFixture.sampling(4, 0), "/sampling/guidance/0 is 3.0, not 4.0");
        assertDifferent(RunFixture.PROMPTS, RunFixture.sampling(3, 5), "/sampling/top_k is 0, not 5");
        assertDifferent(RunFixture.PROMPTS.subList(0, 3), SAMPLING, "/prompts/sha256 is");
        assertDifferent(
                RunFixture.PROMPTS,
                new RunSampling(
                        "blurry", SAMPLING.guidance(), SAMPLING.temperature(), SAMPLING.guidanceLayers(), 0, 0.97f),
                "/sampling/negative_prompt is absent, not \"blurry\"");
    }

    @Test
    void otherStatisticsAreRefused() {
        RunFixture.finish(folder);
        List<Accumulator> fewer = RunFixture.statistics().subList(0, 1);
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            RunDescription description = RunDescription.of(
                    "test-model",
                    SeededAttentionModel.GEOMETRY,
                    RunFixture.description(RunFixture.PROMPTS, SAMPLING)
                            .provenance()
                            .inputs()
                            .subList(0, 1),
                    new org.headwise.datasets.PromptSet(
                            "prompts.txt",
                            99,
                            org.headwise.files.Sha256.of(String.join("|", RunFixture.PROMPTS)),
                            RunFixture.PROMPTS,
                            3),
                    RunDescription.seedsFrom(42, 4),
                    SAMPLING,
                    fewer,
                    "headwise 0.1",
                    List.of());
            CalibrationRun run = new CalibrationRun(model, FullCache::new, description, RunFixture.PROMPTS, fewer);
            String message = assertThrows(InputRefused.class, () -> run.into(folder, Progress.NONE, () -> false))
                    .getMessage();
            assertTrue(message.contains("/statistics/mass-unconditional is 1, not absent"), message);
        }
    }

    @Test
    void anotherCommandLineResumes() {
        RunFixture.finish(folder);
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            CalibrationRun run = new CalibrationRun(
                    model,
                    FullCache::new,
                    RunFixture.description(RunFixture.PROMPTS, SAMPLING, "calibrate", "--threads", "2"),
                    RunFixture.PROMPTS,
                    RunFixture.statistics());
            assertEquals(
                    CalibrationRun.End.ALREADY_FINISHED,
                    run.into(folder, Progress.NONE, () -> false).end());
        }
    }

    @Test
    void strangeFoldersAreRefused() throws IOException {
        Files.writeString(folder.resolve("thesis.tex"), "mine");
        String message = assertThrows(InputRefused.class, () -> RunFixture.finish(folder))
                .getMessage();
        assertTrue(message.contains("holds no run (found thesis.tex)"), message);
        assertEquals(
                List.of("thesis.tex"), List.copyOf(RunFixture.content(folder).keySet()));
        Path file = folder.resolve("thesis.tex");
        assertTrue(assertThrows(InputRefused.class, () -> RunFixture.finish(file))
                .getMessage()
                .contains("a file is there"));
    }

    @Test
    void twoWritersCannotMix() {
        List<FolderBusy> refusals = new ArrayList<>();
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            RunFixture.run(model).into(folder, Progress.NONE, () -> {
                refusals.add(assertThrows(FolderBusy.class, () -> RunFixture.finish(folder)));
                refusals.add(assertThrows(FolderBusy.class, () -> RunFolder.clear(folder)));
                return false;
            });
        }
        assertEquals(8, refusals.size());
        try (FolderLock _ = FolderLock.acquire(folder)) {
            assertEquals(4, RunFolder.open(folder).records().size());
        }
    }

    @Test
    void notANumberIsNamedAndLeavesNothing() {
        List<String> prompts = List.of("a cat", "a broken vase", "a fox");
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            CalibrationRun run = RunFixture.run(model, prompts, RunFixture.statistics(), SAMPLING);
            String message = assertThrows(InputRefused.class, () -> run.into(folder, Progress.NONE, () -> false))
                    .getMessage();
            assertTrue(
                    message.startsWith(
                            "model test-model, prompt 1 (\"a broken vase\"): the attention of layer 1 at step 1"
                                    + " has a score that is NaN or infinite (batch row 0, head 2, query "),
                    message);
        }
        assertTrue(Files.exists(folder.resolve("profile/prompt-00000.safetensors")));
        assertFalse(Files.exists(folder.resolve("profile/prompt-00001.safetensors")));
        assertTrue(assertThrows(InputRefused.class, () -> RunFolder.open(folder))
                .getMessage()
                .endsWith("the run is not finished: 1 of 3 prompts are done; calibrate again to go on"));
    }

    @Test
    void tellsItsProgress() {
        List<String> told = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void start(String what, long units) {
                told.add(what + " " + units);
            }

            @Override
            public void step(long done) {
                told.add("" + done);
            }

            @Override
            public void finish() {
                told.add("end");
            }
        };
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            RunFixture.run(model).into(folder, progress, RunFixture.after(2));
            RunFixture.run(model).into(folder, progress, () -> false);
        }
        assertEquals(List.of("calibrating 4", "0", "1", "2", "end", "calibrating 4", "2", "3", "4", "end"), told);
    }

    private void assertDifferent(List<String> prompts, RunSampling sampling, String difference) {
        var before = RunFixture.content(folder);
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            CalibrationRun run = RunFixture.run(model, prompts, RunFixture.statistics(), sampling);
            String message = assertThrows(InputRefused.class, () -> run.into(folder, Progress.NONE, () -> false))
                    .getMessage();
            assertTrue(message.startsWith(folder.resolve("run.json") + ": "), message);
            assertTrue(message.contains(difference), message);
        }
        assertEquals(before, RunFixture.content(folder));
    }
}
