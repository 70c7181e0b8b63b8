package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.headwise.analysis.PairedTest;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.reports.ReportData.MethodTest;
import org.headwise.schedules.evaluate.Alignment;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.evaluate.EvaluationResult.PromptResult;
import org.headwise.schedules.evaluate.EvaluationResult.VariantInfo;
import org.headwise.schedules.evaluate.Fidelity;
import org.junit.jupiter.api.Test;

/** Three methods at two budgets: "good" and "twin" are alike, "bad" is worse and larger. */
class MethodsSectionTest {
    private static final int PROMPTS = 30;
    private static final Geometry GEOMETRY = SampleReport.geometry(2, 2, 4, 1, 2, 3);
    private static final List<String> METHODS = List.of("good", "twin", "bad");

    private static EvaluationResult result(boolean scenes) {
        SplittableRandom random = new SplittableRandom(11);
        List<VariantInfo> variants = new ArrayList<>();
        for (String method : METHODS) {
            for (double budget : new double[] {0.5, 0.1}) {
                variants.add(new VariantInfo(method + "-" + budget, method, budget, Map.of()));
            }
        }
        List<PromptResult> prompts = new ArrayList<>();
        for (int p = 0; p < PROMPTS; p++) {
            Map<String, Fidelity> compressed = new TreeMap<>();
            for (VariantInfo variant : variants) {
                double loss = (variant.method().equals("bad") ? 0.2 : 0.1) / variant.budget() + random.nextDouble(0.1);
                long bytes =
                        (long) (1000 * variant.budget()) + (variant.method().equals("bad") ? 1 : 0);
                compressed.put(variant.name(), fidelity(loss, bytes, scenes && p < 20));
            }
            prompts.add(new PromptResult(p, "prompt " + p, p, fidelity(0, 2000, scenes && p < 20), compressed));
        }
        Provenance provenance = new Provenance("test", List.of(), new TreeMap<>(), List.of(), Map.of());
        return new EvaluationResult(GEOMETRY, provenance, variants, prompts);
    }

    private static Fidelity fidelity(double loss, long bytes, boolean scene) {
        int steps = GEOMETRY.steps().size();
        return new Fidelity(
                30 - loss,
                1 - loss / 10,
                Collections.nCopies(steps, 1 - loss / 5),
                Collections.nCopies(steps, loss),
                bytes,
                Collections.nCopies(steps, bytes),
                0.1,
                0.2,
                scene ? Optional.of(new Alignment(4, List.of("first shape"))) : Optional.empty(),
                OptionalLong.of(1 << 30));
    }

    private static ReportData.Fidelity fidelity(boolean scenes) {
        return new EvaluationReading(result(scenes), Path.of("nowhere")).fidelity();
    }

    @Test
    void everyPairOfABudgetIsTestedOnTheSamePrompts() {
        ReportData.Fidelity fidelity = fidelity(true);
        List<MethodTest> kl = fidelity.tests().stream()
                .filter(test -> test.metric().equals("KL"))
                .toList();
        assertEquals(2 * 3, kl.size());
        assertTrue(fidelity.metrics().stream().anyMatch(metric -> metric.name().equals("process peak")));
        assertTrue(fidelity.tests().stream().noneMatch(test -> test.metric().equals("process peak")));
        MethodTest last = kl.getLast();
        assertEquals("twin", last.first());
        assertEquals("bad", last.second());
        assertEquals(0.1, last.budget());
        EvaluationResult result = result(true);
        double[] twin = result.prompts().stream()
                .mapToDouble(p -> p.compressed().get("twin-0.1").overallDivergence(GEOMETRY))
                .toArray();
        double[] bad = result.prompts().stream()
                .mapToDouble(p -> p.compressed().get("bad-0.1").overallDivergence(GEOMETRY))
                .toArray();
        assertEquals(PairedTest.of(twin, bad), last.pairs());
        // Three pairs: the smallest chance counts three times. All 30 differences have one sign.
        assertEquals(3 * 2 * Math.pow(0.5, PROMPTS), last.rankHolm(), 1e-15);
        assertEquals(List.of("good"), MethodsSection.alike(fidelity.tests(), "KL", 0.1, "twin"));
        assertEquals(List.of(), MethodsSection.alike(fidelity.tests(), "KL", 0.1, "bad"));
        // No scene, no alignment: only the prompts that have one are tested.
        assertEquals(
                20,
                fidelity.tests().stream()
                        .filter(test -> test.metric().equals("alignment"))
                        .findFirst()
                        .orElseThrow()
                        .pairs()
                        .n());
        assertTrue(
                fidelity(false).tests().stream().noneMatch(test -> test.metric().equals("alignment")));
    }

    @Test
    void theFrontLeavesOutWhatIsWorseAndLarger() {
        ReportData.Fidelity fidelity = fidelity(false);
        int kl = fidelity.metrics().stream()
                .map(ReportData.Metric::name)
                .toList()
                .indexOf("KL");
        boolean[] front = MethodsSection.front(fidelity, kl);
        double good = fidelity.points().get(0).measures().get(kl).mean();
        double twin = fidelity.points().get(2).measures().get(kl).mean();
        double good10 = fidelity.points().get(1).measures().get(kl).mean();
        double twin10 = fidelity.points().get(3).measures().get(kl).mean();
        assertArrayEquals(
                new boolean[] {good < twin, good10 < twin10, twin < good, twin10 < good10, false, false}, front);
    }

    @Test
    void thePageShowsFrontsRankingsAndTests() {
        ReportData sample = new SampleReport(1, GEOMETRY, 8, s -> s).data();
        EvaluationReading reading = new EvaluationReading(result(true), Path.of("nowhere"));
        ReportData data = new ReportData(
                sample.title(),
                sample.run(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.of(reading.fidelity()),
                reading.bits(),
                List.of(),
                List.of());
        DataFolder files = new DataFolder();
        var page = Xml.parse(HtmlReport.page(data, files));
        String text = Xml.all(page, "section").stream()
                .filter(section -> section.getAttribute("id").equals("methods"))
                .findFirst()
                .orElseThrow()
                .getTextContent();
        assertTrue(text.contains("Pareto front: KL"), text);
        assertTrue(text.contains("over 30 prompts, by method and budget"), text);
        assertTrue(text.contains("Pareto front: alignment"), text);
        var tests = CsvReader.read(new String(files.files().get("tests.csv"), java.nio.charset.StandardCharsets.UTF_8));
        // SSIM, bits, KL and alignment, at two budgets, three pairs each.
        assertEquals(1 + 4 * 2 * 3, tests.size());
        int kl = reading.fidelity().metrics().stream()
                .map(ReportData.Metric::name)
                .toList()
                .indexOf("KL");
        var beside = CsvReader.read(new String(
                files.files().get("side-by-side-" + (kl + 1) + ".csv"), java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(List.of("method", "50%", "50% sd", "10%", "10% sd"), beside.getFirst());
        assertEquals(1 + 3, beside.size());
        assertEquals("twin", beside.get(2).getFirst());
        assertEquals(
                reading.fidelity().points().get(3).measures().get(kl).mean(),
                Double.parseDouble(beside.get(2).get(3)));
        assertTrue(files.files().containsKey("divergence.csv"));
        assertTrue(files.files().keySet().stream().anyMatch(name -> name.startsWith("pareto-")));
        assertEquals(
                Optional.of("Prompt alignment is over the 20 of 30 prompts that describe a scene that the checker"
                        + " knows."),
                reading.remark());
    }
}
