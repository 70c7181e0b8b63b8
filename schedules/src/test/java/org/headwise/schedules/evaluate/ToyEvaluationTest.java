package org.headwise.schedules.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headwise.attention.FullCache;
import org.headwise.attention.Ledger;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.headwise.files.Provenance;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.Request;
import org.headwise.schedules.Budget;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.CompressedCache;
import org.headwise.schedules.runtime.MaskedCache;
import org.headwise.schedules.runtime.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToyEvaluationTest {
    private static final List<String> PROMPTS = List.of("one", "two", "three", "four", "five");

    @TempDir
    Path folder;

    private static Provenance provenance(String tau) {
        return new Provenance("test", List.of(), new TreeMap<>(Map.of("tau", tau)), List.of(), Map.of());
    }

    /** Everything of the first two scales goes as early as it can. */
    private static Schedule harsh() {
        List<Rule> rules = new ArrayList<>();
        for (int source = 0; source < 2; source++) {
            for (int layer = 0; layer < 2; layer++) {
                for (int head = 0; head < 2; head++) {
                    rules.add(new EvictScale(source, layer, head, source, layer));
                }
            }
        }
        return schedule(rules);
    }

    private static Schedule schedule(List<Rule> rules) {
        return new Schedule(
                ToyModel.GEOMETRY,
                "test",
                new TreeMap<>(),
                new Budget(0.5, Budget.Meaning.PEAK_INCOMING),
                rules,
                provenance("1"));
    }

    private static Variant variant(String name, Schedule schedule) {
        return new Variant(name, "test", 0.5, () -> new CompressedCache(schedule, Storage.F32, 1, Long.MAX_VALUE));
    }

    private Evaluation evaluation(ToyModel model, String tau) {
        return new Evaluation(
                model,
                PROMPTS,
                model.sampling(),
                40,
                List.of(variant("all", schedule(List.of())), variant("harsh", harsh())),
                folder,
                2,
                provenance(tau));
    }

    @Test
    void aCacheThatKeepsAllCostsNothingAndAHarshOneDoes() {
        EvaluationResult result = evaluation(new ToyModel(-1), "1").run(Progress.NONE, () -> false);
        assertEquals(5, result.prompts().size());
        assertEquals(5, result.summary("all", Fidelity::psnr).infinite());
        assertEquals(1, result.summary("all", Fidelity::ssim).mean(), 1e-12);
        Geometry g = ToyModel.GEOMETRY;
        assertEquals(1, result.summary("all", f -> f.overallAgreement(g)).mean());
        assertEquals(0, result.summary("all", f -> f.overallDivergence(g)).mean());
        assertTrue(result.summary("harsh", f -> f.overallAgreement(g)).mean() < 1);
        assertTrue(result.summary("harsh", f -> f.overallDivergence(g)).mean() > 0);
        assertNotEquals(5, result.summary("harsh", Fidelity::psnr).infinite());

        Ledger predicted = harsh().predicted().bytes(g, 1, 4);
        for (EvaluationResult.PromptResult prompt : result.prompts()) {
            assertEquals(predicted.peak(), prompt.compressed().get("harsh").peakBytes());
            assertEquals(predicted.endBytes(), prompt.compressed().get("harsh").endBytes());
            // The full cache keeps the last step as well: 30 tokens in 2 layers of 2 heads.
            assertEquals(30L * 4 * 2 * 4 * 4, prompt.full().peakBytes());
        }
    }

    /** The same with the mask oracle and the divergence of two bits written out. */
    @Test
    void theDivergenceIsThatOfTheSameIdsUnderTheMask() {
        EvaluationResult result = evaluation(new ToyModel(-1), "1").run(Progress.NONE, () -> false);
        ToyModel model = new ToyModel(-1);
        for (EvaluationResult.PromptResult prompt : result.prompts()) {
            Request request = Request.of(List.of(prompt.prompt()), List.of(prompt.seed()), model.sampling())
                    .keepingLogits();
            Generation full;
            Generation masked;
            try (FullCache cache = new FullCache();
                    MaskedCache mask = new MaskedCache((step, source, layer, head) -> source < 2 && source < step)) {
                full = model.generate(request, cache, null);
                masked = model.generate(request.forcing(full.ids()), mask, null);
            }
            for (int step = 0; step < 4; step++) {
                float[] a = full.logits().get(step);
                float[] b = masked.logits().get(step);
                double sum = 0;
                for (int i = 0; i < a.length; i += 2) {
                    double p = 1 / (1 + Math.exp(a[i] - a[i + 1]));
                    double q = 1 / (1 + Math.exp(b[i] - b[i + 1]));
                    sum += p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
                }
                double found = prompt.compressed().get("harsh").divergence().get(step);
                assertEquals(sum / (a.length / 2), found, 1e-6, "prompt " + prompt.index() + ", step " + step);
            }
        }
    }

    @Test
    void anInterruptedEvaluationGoesOnWhereItStopped() throws Exception {
        // The full cache and one method to warm up, two prompts of five generations each, then the power goes in the
        // third prompt.
        assertThrows(
                IllegalStateException.class,
                () -> evaluation(new ToyModel(14), "1").run(Progress.NONE, () -> false));
        EvaluationResult half = EvaluationFile.read(folder.resolve(Evaluation.FILE));
        assertEquals(2, half.prompts().size());
        ToyModel model = new ToyModel(-1);
        EvaluationResult whole = evaluation(model, "1").run(Progress.NONE, () -> false);
        assertEquals(half.prompts(), whole.prompts().subList(0, 2));
        assertEquals(2 + 3 * 5, model.generations());
        assertEquals(whole, EvaluationFile.read(folder.resolve(Evaluation.FILE)));
        for (int index = 0; index < 2; index++) {
            for (String name : List.of("full", "all", "harsh")) {
                assertTrue(Files.exists(Evaluation.picture(folder, index, name)), name + " " + index);
            }
        }
        assertTrue(Files.notExists(Evaluation.picture(folder, 2, "full")));

        ToyModel idle = new ToyModel(0);
        assertEquals(whole, evaluation(idle, "1").run(Progress.NONE, () -> false));
        assertThrows(InputRefused.class, () -> evaluation(new ToyModel(-1), "2").run(Progress.NONE, () -> false));
    }
}
