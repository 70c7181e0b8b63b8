package org.headwise.schedules.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.schedules.Budget;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.CompressedCache;
import org.headwise.schedules.runtime.MaskedCache;
import org.headwise.schedules.runtime.Storage;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled mini with schedules whose effect is known. */
class EvaluationTest {
    private static final List<String> PROMPTS = List.of(
            "a large red circle in the center on a white background",
            "a small blue square in the left on a yellow background");

    private static Engine engine;
    private static ImageModel model;

    @BeforeAll
    static void open() {
        engine = Engine.vector(2);
        model = Models.open(BundledModels.find("infinity-mini").orElseThrow(), engine, DType.F32);
    }

    @AfterAll
    static void close() {
        model.close();
        engine.close();
    }

    @Test
    void nothingEvictedIsNothingLostAndFreedIsWhatMaskedComputes(@TempDir Path folder) {
        Schedule all = schedule(List.of());
        Schedule half = schedule(everyOtherHead());
        EvaluationResult result = evaluation(
                        folder,
                        PROMPTS,
                        new Variant("all", "full", 1, () -> new CompressedCache(all, Storage.F32)),
                        new Variant("freed", "half", 0.5, () -> new CompressedCache(half, Storage.F32)),
                        new Variant("masked", "half", 0.5, () -> new MaskedCache(mask(half))))
                .run(Progress.NONE, () -> false);
        Geometry geometry = model.geometry();
        for (var prompt : result.prompts()) {
            Fidelity same = prompt.compressed().get("all");
            assertEquals(Double.POSITIVE_INFINITY, same.psnr());
            assertEquals(1, same.overallAgreement(geometry));
            assertEquals(0, same.overallDivergence(geometry));
            Fidelity freed = prompt.compressed().get("freed");
            Fidelity masked = prompt.compressed().get("masked");
            assertEquals(masked.psnr(), freed.psnr());
            assertEquals(masked.agreement(), freed.agreement());
            assertEquals(masked.divergence(), freed.divergence());
            assertTrue(freed.overallDivergence(geometry) > 0);
            assertTrue(freed.overallAgreement(geometry) < 1);
            assertTrue(freed.peakBytes() < same.peakBytes());
            assertEquals(prompt.full().peakBytes(), masked.peakBytes(), "masked is not freed");
        }
        assertTrue(Files.exists(Evaluation.picture(folder, 0, "freed")));
        assertFalse(Files.exists(Evaluation.picture(folder, 1, "freed")), "pictures of one prompt were asked for");
    }

    @Test
    void goesOnWhereItStoppedAndReadsBackWhatItWrote(@TempDir Path folder) {
        Schedule half = schedule(everyOtherHead());
        Variant variant = new Variant("half", "half", 0.5, () -> new CompressedCache(half, Storage.BF16));
        AtomicInteger asked = new AtomicInteger();
        EvaluationResult part =
                evaluation(folder, PROMPTS, variant).run(Progress.NONE, () -> asked.getAndIncrement() == 1);
        assertEquals(1, part.prompts().size());
        EvaluationResult whole = evaluation(folder, PROMPTS, variant).run(Progress.NONE, () -> false);
        assertEquals(2, whole.prompts().size());
        assertEquals(part.prompts().getFirst(), whole.prompts().getFirst(), "the finished prompt was kept");
        assertEquals(whole, EvaluationFile.read(folder.resolve(Evaluation.FILE)));
        Variant other = new Variant("other", "half", 0.5, variant.caches());
        assertThrows(
                InputRefused.class, () -> evaluation(folder, PROMPTS, other).run(Progress.NONE, () -> false));
    }

    @Test
    void refusesADamagedFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve(Evaluation.FILE);
        for (String text : List.of("", "{}", "[]", "{\"schema\": \"headwise.evaluation/9.0\"}", "{\"schema\": 1}")) {
            Files.writeString(file, text);
            InputRefused refused = assertThrows(InputRefused.class, () -> EvaluationFile.read(file));
            assertTrue(refused.getMessage().contains(Evaluation.FILE), refused.getMessage());
        }
    }

    private static Evaluation evaluation(Path folder, List<String> prompts, Variant... variants) {
        Provenance provenance =
                new Provenance("test", List.of(), new TreeMap<>(Map.of("seed", "3")), List.of(), Map.of());
        return new Evaluation(model, prompts, model.sampling(), 3, List.of(variants), folder, 1, provenance);
    }

    private static List<Rule> everyOtherHead() {
        Geometry geometry = model.geometry();
        List<Rule> rules = new ArrayList<>();
        for (int source = 2; source < geometry.steps().size() - 1; source++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                for (int head = (layer + source) % 2; head < geometry.kvHeads(); head += 2) {
                    rules.add(new EvictScale(source, layer, head, source, layer));
                }
            }
        }
        return rules;
    }

    private static Schedule schedule(List<Rule> rules) {
        Provenance provenance = new Provenance("test", List.of(), new TreeMap<>(), List.of(), Map.of());
        return new Schedule(model.geometry(), "test", new TreeMap<>(), Budget.parse("100%"), rules, provenance);
    }

    private static MaskedCache.Mask mask(Schedule schedule) {
        return (step, source, layer, head) -> schedule.rules().stream()
                .map(EvictScale.class::cast)
                .anyMatch(rule ->
                        rule.source() == source && rule.layer() == layer && rule.kvHead() == head && rule.hides(step));
    }
}
