package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.headwise.analysis.PromptProfiles;
import org.headwise.analysis.ScaleHeat;
import org.headwise.analysis.Stability;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.evaluate.Evaluation;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a real run of the bundled mini model to the numbers of its report. */
class ReportsTest {
    @TempDir
    private static Path folder;

    private static ReportSources sources;
    private static PromptProfiles prompts;

    @BeforeAll
    static void runTheMini() throws Exception {
        MiniRun.Made made = MiniRun.run(folder, 4, 2, List.of("50%", "25%"));
        sources = made.sources();
        prompts = made.prompts();
    }

    @Test
    void statisticsBecomeHeatMapsAndEveryColumnOfHeatAddsUpToOne() {
        ReportData data = Reports.of(sources);
        Geometry geometry = sources.geometry();
        var statistics = sources.profile().orElseThrow().statistics();
        assertEquals(
                statistics.stream().mapToInt(s -> s.columns().size()).sum(),
                data.statistics().size());
        var column = statistics.get(1).columns().getFirst();
        var shown = data.statistics().get(statistics.getFirst().columns().size());
        assertEquals(column.values()[3 * geometry.heads() + 2], shown.values()[3][2]);
        assertEquals(statistics.get(1).title(), shown.group());
        var heat = data.scaleHeat().orElseThrow();
        for (double[][] mass : heat.mass()) {
            for (int target = 0; target < heat.scales(); target++) {
                double sum = 0;
                for (int source = 0; source <= target; source++) {
                    sum += mass[source][target];
                }
                assertEquals(1, sum, 1e-5);
            }
        }
    }

    @Test
    void bytesAreThoseOfTheEvaluationAndNearThePrediction() {
        ReportData data = Reports.of(sources);
        EvaluationResult result = sources.evaluation().orElseThrow().result();
        var fidelity = data.fidelity().orElseThrow();
        assertEquals(result.prompts().getFirst().full().peakBytes(), fidelity.fullPeakBytes());
        assertEquals(2, fidelity.points().size());
        for (int v = 0; v < 2; v++) {
            String name = result.variants().get(v).name();
            assertEquals(
                    result.prompts().getFirst().compressed().get(name).peakBytes(),
                    fidelity.points().get(v).peakBytes());
            var ledger = data.ledgers().get(1 + v);
            assertEquals(name, ledger.name());
            assertEquals(sources.geometry().steps().size(), ledger.predicted().size());
            for (int step = 0; step < ledger.predicted().size(); step++) {
                double predicted = ledger.predicted().get(step);
                assertTrue(ledger.allocated().get(step) >= predicted, "pages are whole");
                assertTrue(ledger.allocated().get(step) <= 4 * predicted + 1, "pages are small");
            }
        }
        assertTrue(
                fidelity.points().get(1).peakBytes() < fidelity.points().get(0).peakBytes());
    }

    @Test
    void thePageOfARealRunIsWhole(@TempDir Path out) throws Exception {
        HtmlReport.write(Reports.of(sources), out.resolve("report.html"));
        var page = Xml.parse(Files.readString(out.resolve("report.html")));
        assertEquals(12, Xml.all(page, "section").size());
        assertEquals(
                2,
                Xml.all(page, "figure").stream()
                        .filter(f -> f.getAttribute("class").equals("pair"))
                        .count());
        List<String> missing = Xml.all(page, "p").stream()
                .filter(p -> p.getAttribute("class").equals("missing"))
                .map(org.w3c.dom.Node::getTextContent)
                .toList();
        assertEquals(1, missing.size(), "one method alone is compared with none");
        assertTrue(missing.getFirst().contains("No two methods"), missing.getFirst());
    }

    @Test
    void stabilityIsThatOfTheAnalysis() {
        ReportData data = Reports.of(sources);
        Stability stability = Stability.ofScaleHeat(prompts, 2);
        var last = data.stability().getLast();
        assertEquals(2, last.prompts());
        assertEquals(stability.spearman(2, 200, 7).mean(), last.correlation().mean());
        assertEquals(stability.jaccard(0.5, 2, 200, 7).high(), last.overlap().high());
        var intervals = data.intervals().orElseThrow();
        double[] scores = prompts.whole().statistic(ScaleHeat.class).scores(2);
        int steps = sources.geometry().steps().size();
        double sum = 0;
        for (int source = 2; source < steps - 1; source++) {
            sum += scores[5 * steps + source];
        }
        assertEquals(sum / (steps - 3), intervals.mean()[5], 1e-9);
        for (int head = 0; head < intervals.mean().length; head++) {
            assertTrue(intervals.low()[head] <= intervals.mean()[head]);
            assertTrue(intervals.mean()[head] <= intervals.high()[head]);
        }
    }

    @Test
    void withoutAnEvaluationTheFullCacheIsPredicted() {
        ReportData data = Reports.of(new ReportSources(
                "t",
                "m",
                sources.geometry(),
                Optional.empty(),
                sources.schedules(),
                Optional.empty(),
                Optional.empty(),
                List.of()));
        Geometry geometry = sources.geometry();
        long token = 2L * 2 * Float.BYTES * geometry.headDim() * geometry.heads() * geometry.layers();
        List<Long> full = data.ledgers().getFirst().predicted();
        assertEquals(geometry.firstToken(4) * token, full.get(3));
        assertTrue(data.ledgers().get(2).predicted().getLast() < full.getLast());
    }

    @Test
    void partsOfAnotherModelAreRefused() {
        Geometry other = SampleReport.geometry(2, 2, 4, 1, 2, 3);
        Schedule schedule = sources.schedules().getFirst().schedule();
        InputRefused refused = assertThrows(
                InputRefused.class,
                () -> Reports.of(new ReportSources(
                        "t",
                        "m",
                        other,
                        Optional.empty(),
                        List.of(new ReportSources.Planned("s", schedule, 2, 4)),
                        Optional.empty(),
                        Optional.empty(),
                        List.of())));
        assertTrue(refused.getMessage().startsWith("schedule s is of another model than this report: found infinity"));
    }

    @Test
    void damagedPicturesAreRefusedByName(@TempDir Path copy) throws Exception {
        Path picture = Evaluation.picture(copy, 0, "full");
        Files.createDirectories(picture.getParent());
        byte[] png = Files.readAllBytes(Evaluation.picture(folder, 0, "full"));
        for (int length : new int[] {0, 7, 20, png.length / 2}) {
            Files.write(picture, java.util.Arrays.copyOf(png, length));
            InputRefused refused = assertThrows(InputRefused.class, () -> PictureFile.read(picture));
            assertTrue(refused.getMessage().startsWith(picture + ": "), refused.getMessage());
        }
        Files.write(picture, png);
        assertEquals(png.length, PictureFile.read(picture).png().length);
    }
}
