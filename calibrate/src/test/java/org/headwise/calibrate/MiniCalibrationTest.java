package org.headwise.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.datasets.BundledModels;
import org.headwise.datasets.PromptSet;
import org.headwise.files.Progress;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled mini Infinity, calibrated. */
class MiniCalibrationTest {
    private static final PromptSet PROMPTS =
            PromptSet.load("scenes-calibration").limit(2);

    @TempDir
    Path folder;

    @Test
    void threadsAndInterruptionsChangeNoByte() {
        calibrate(folder.resolve("one"), 1, () -> false);
        assertEquals(
                CalibrationRun.End.INTERRUPTED,
                calibrate(folder.resolve("two"), 2, RunFixture.after(1)).end());
        assertEquals(1, calibrate(folder.resolve("two"), 2, () -> false).reused());
        assertEquals(RunFixture.digests(folder.resolve("one")), RunFixture.digests(folder.resolve("two")));

        RunFolder run = RunFolder.open(folder.resolve("one"));
        Geometry geometry = run.geometry();
        Sums sums = run.merged("mass-conditional");
        int steps = geometry.steps().size();
        for (int head = 0; head < geometry.layers() * geometry.heads(); head++) {
            assertEquals(2.0 * geometry.totalTokens(), sums.get("queries")[head]);
            for (int target = 0; target < steps; target++) {
                double mass = 0;
                for (int source = 0; source < steps; source++) {
                    double given = sums.get("mass")[(head * steps + target) * steps + source];
                    assertTrue(source <= target || given == 0, "head " + head + " sees the future");
                    mass += given;
                }
                assertEquals(2.0 * geometry.tokens(target), mass, 1e-4 * mass);
            }
        }
    }

    private static CalibrationRun.Result calibrate(Path folder, int threads, BooleanSupplier cancelled) {
        try (Engine engine = Engine.vector(threads);
                ImageModel model =
                        Models.open(BundledModels.find("infinity-mini").orElseThrow(), engine, DType.F32)) {
            List<Accumulator> statistics = List.of(new ScaleMass(model.geometry(), Guidance.CONDITIONAL));
            RunDescription description = RunDescription.of(
                    "infinity-mini",
                    model.geometry(),
                    List.of(),
                    PROMPTS,
                    RunDescription.seedsFrom(0, PROMPTS.prompts().size()),
                    RunSampling.of(model.sampling()),
                    statistics,
                    "test",
                    List.of());
            return new CalibrationRun(model, FullCache::new, description, PROMPTS.prompts(), statistics)
                    .into(folder, Progress.NONE, cancelled);
        }
    }
}
