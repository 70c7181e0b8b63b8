package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Accumulator;
import org.headwise.calibrate.CalibrationRun;
import org.headwise.calibrate.CalibrationRun.End;
import org.headwise.calibrate.RunDescription;
import org.headwise.calibrate.RunFolder;
import org.headwise.calibrate.RunSampling;
import org.headwise.datasets.BundledModels;
import org.headwise.datasets.PromptSet;
import org.headwise.files.Progress;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the bundled mini Janus to the head table, through an interruption. */
class RasterProfileTest {
    private static final PromptSet PROMPTS =
            PromptSet.load("scenes-calibration").limit(3);

    @TempDir
    Path folder;

    @Test
    void aRunBecomesATableHoweverOftenItStops() throws Exception {
        try (Engine engine = Engine.vector(2);
                ImageModel model = Models.open(BundledModels.find("janus-mini").orElseThrow(), engine, DType.F32)) {
            assertEquals(End.FINISHED, calibrate(model, "whole", () -> false));
            int[] asked = {0};
            assertEquals(End.INTERRUPTED, calibrate(model, "broken", () -> asked[0]++ == 2));
            assertEquals(End.FINISHED, calibrate(model, "broken", () -> false));
        }
        assertArrayEquals(profile("whole"), profile("broken"));

        PromptProfiles run = PromptProfiles.of(RunFolder.open(folder.resolve("broken")));
        HeadTable table = HeadTable.of(run.whole());
        assertEquals(64, table.table().rowCount());
        assertEquals(List.of(), table.gaps());
        for (HeadTable.Legend entry : table.legend()) {
            for (double value : table.values(entry.column())) {
                assertTrue(value >= 0, entry.column() + ": " + value);
                assertTrue(value <= 1 + 1e-6 || !entry.unit().equals("share"), entry.column() + ": " + value);
            }
        }
        // All attention counts once: the prompt's part is the same in every statistic.
        assertArrayEquals(
                table.values("landmarks.prompt"),
                java.util.stream.IntStream.range(0, 64)
                        .mapToDouble(i ->
                                run.whole().statistic(Sparsity.class).promptMass(i / 8, i % 8, Guidance.CONDITIONAL))
                        .toArray(),
                1e-9);
        // Prompts differ in length, and yet every one counts the same.
        double[] mean = Splits.mean(run.column("sparsity.score"), new int[] {0, 1, 2});
        assertArrayEquals(table.values("sparsity.score"), mean, 1e-9);
        assertTrue(Significance.components(run.column("sparsity.score")).pValue() < 1e-3);
    }

    private byte[] profile(String name) throws Exception {
        return Files.readAllBytes(folder.resolve(name).resolve("profile").resolve("profile.safetensors"));
    }

    private End calibrate(ImageModel model, String name, BooleanSupplier cancelled) {
        List<Statistic> all = new ArrayList<>(Statistics.all(model.geometry()));
        all.addAll(Statistics.optional(model.geometry()));
        List<Accumulator> statistics = List.copyOf(all);
        RunDescription description = RunDescription.of(
                "janus-mini",
                model.geometry(),
                List.of(),
                PROMPTS,
                RunDescription.seedsFrom(1, 3),
                RunSampling.of(model.sampling()),
                statistics,
                "test",
                List.of());
        return new CalibrationRun(model, FullCache::new, description, PROMPTS.prompts(), statistics)
                .into(folder.resolve(name), Progress.NONE, cancelled)
                .end();
    }
}
