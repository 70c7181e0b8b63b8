package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Accumulator;
import org.headwise.calibrate.CalibrationRun;
import org.headwise.calibrate.RunDescription;
import org.headwise.calibrate.RunFolder;
import org.headwise.calibrate.RunSampling;
import org.headwise.calibrate.Sums;
import org.headwise.datasets.BundledModels;
import org.headwise.datasets.PromptSet;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the bundled mini Infinity to the head table and its stability. */
class MiniProfileTest {
    private static final PromptSet PROMPTS =
            PromptSet.load("scenes-calibration").limit(3);

    @TempDir
    Path folder;

    @Test
    void aRunBecomesATable() {
        calibrate();
        PromptProfiles run = PromptProfiles.of(RunFolder.open(folder.resolve("run")));
        Geometry geometry = run.whole().geometry();
        assertEquals(PROMPTS.prompts(), run.prompts());
        HeadTable table = HeadTable.of(run.whole());
        assertEquals(geometry.layers() * geometry.heads(), table.table().rowCount());
        assertEquals(List.of(), table.gaps());
        for (HeadTable.Legend entry : table.legend()) {
            double most = entry.unit().equals("keys")
                    ? geometry.totalTokens()
                    : entry.unit().equals("nats") ? Math.log(geometry.totalTokens()) : Math.sqrt(2);
            for (double value : table.values(entry.column())) {
                assertTrue(value >= -1e-6 && value <= most, entry.column() + ": " + value);
            }
        }
        ScaleHeat heat = run.whole().statistic(ScaleHeat.class);
        ScaleHeat again = run.subset(0, 1, 2).statistic(ScaleHeat.class);
        assertArrayEquals(heat.scores(3), again.scores(3), 1e-15);
        Stability stability = Stability.ofScaleHeat(run, 3);
        assertEquals(1, stability.half());
        Stability.Agreement agreement = stability.spearman(1, 20, 1);
        assertTrue(agreement.low() <= agreement.mean() && agreement.mean() <= agreement.high());
        // Heads of a trained model differ by far more than three prompts of noise would make them.
        assertTrue(Significance.components(run.column("locality.own_within_1")).pValue() < 1e-3);
        assertTrue(Significance.friedman(run.column("locality.own_within_1")).pValue() < 1e-3);
    }

    @Test
    void sumsOfAnotherShapeAreRefused() {
        calibrate(geometry -> List.of(new Accumulator() {
            private final Statistic real = new Locality(geometry);
            private final Sums sums = new Sums();

            {
                real.sums().arrays().forEach((name, array) -> sums.define(name, 3));
            }

            @Override
            public String name() {
                return real.name();
            }

            @Override
            public int version() {
                return real.version();
            }

            @Override
            public Sums sums() {
                return sums;
            }

            @Override
            public boolean wants(Guidance guidance) {
                return false;
            }

            @Override
            public void observe(AttentionBlock block) {}
        }));
        RunFolder run = RunFolder.open(folder.resolve("run"));
        String said = assertThrows(InputRefused.class, () -> Profile.of(run)).getMessage();
        assertTrue(said.contains("statistic locality has array ") && said.contains("of shape [3], expected ["), said);
    }

    private void calibrate() {
        calibrate(geometry -> List.copyOf(Statistics.all(geometry)));
    }

    private void calibrate(Function<Geometry, List<Accumulator>> observed) {
        try (Engine engine = Engine.vector(2);
                ImageModel model =
                        Models.open(BundledModels.find("infinity-mini").orElseThrow(), engine, DType.F32)) {
            List<Accumulator> statistics = observed.apply(model.geometry());
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
            new CalibrationRun(model, FullCache::new, description, PROMPTS.prompts(), statistics)
                    .into(folder.resolve("run"), Progress.NONE, () -> false);
        }
    }
}
