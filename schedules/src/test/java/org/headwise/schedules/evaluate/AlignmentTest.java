package org.headwise.schedules.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.KvCache;
import org.headwise.datasets.Picture;
import org.headwise.datasets.scenes.Scene;
import org.headwise.datasets.scenes.SceneRenderer;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.headwise.files.Provenance;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.schedules.runtime.MaskedCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that are drawn from captions, right or with known mistakes. */
class AlignmentTest {
    private static final String RED = "a large red circle in the center on a white background";
    private static final String PAIR = "a large blue square left of a small green ring on a white background";

    private static Picture drawn(String caption) {
        return SceneRenderer.render(Scene.parse(caption));
    }

    @Test
    void countsWhatIsRightAndNamesWhatIsWrong() {
        assertEquals(new Alignment(4, List.of()), Alignment.of(RED, drawn(RED)).orElseThrow());
        Alignment moved = Alignment.of(RED, drawn("a large red circle in the top left on a white background"))
                .orElseThrow();
        assertTrue(moved.wrong().contains("first place"), moved.toString());
        Alignment shape =
                Alignment.of(PAIR, drawn(PAIR.replace("square", "circle"))).orElseThrow();
        assertEquals(new Alignment(7, List.of("first shape")), shape);
        assertEquals(6.0 / 7, shape.score());
    }

    @Test
    void otherPromptsAndPicturesHaveNone() {
        assertEquals(Optional.empty(), Alignment.of("a photo of a cat", drawn(RED)));
        assertEquals(Optional.empty(), Alignment.of(RED, new Picture(64, 32, new byte[64 * 32 * 3])));
        assertThrows(IllegalArgumentException.class, () -> new Alignment(1, List.of("a", "b")));
    }

    /** Draws what the prompt says with every key in sight, and a circle for whatever shape without the first ones. */
    private static final class Painter implements ImageModel {
        private final ToyModel toy = new ToyModel(-1);

        @Override
        public Geometry geometry() {
            return toy.geometry();
        }

        @Override
        public Sampling sampling() {
            return toy.sampling();
        }

        @Override
        public Generation generate(Request request, KvCache cache, AttentionObserver observer) {
            Generation bits = toy.generate(request, cache, observer);
            boolean all = !(cache instanceof MaskedCache);
            String prompt = request.prompts().getFirst();
            String shown = prompt.startsWith("a large") ? all ? prompt : prompt.replace("square", "circle") : RED;
            List<Picture> images = request.decode() ? List.of(drawn(shown)) : List.of();
            return new Generation(bits.ids(), 2, bits.logits(), images, 1);
        }

        @Override
        public void close() {}
    }

    @Test
    void anEvaluationMeasuresItForEveryCacheAndKeepsItInTheFile(@TempDir Path folder) throws Exception {
        Provenance provenance = new Provenance("test", List.of(), new TreeMap<>(), List.of(), Map.of());
        Evaluation evaluation = new Evaluation(
                new Painter(),
                List.of(RED, PAIR, "a photo of a cat"),
                new Sampling(1, 1, 1, 0),
                1,
                List.of(new Variant(
                        "blind", "test", 0.5, () -> new MaskedCache((step, source, layer, head) -> source == 0))),
                folder,
                0,
                provenance);
        EvaluationResult result = evaluation.run(Progress.NONE, () -> false);
        assertEquals(new Summary(1, 0, 2, 0), result.full(Fidelity::aligned), "two of three prompts describe a scene");
        Summary blind = result.summary("blind", Fidelity::aligned);
        assertEquals((1 + 6.0 / 7) / 2, blind.mean(), 1e-12);
        assertEquals(
                Optional.of(new Alignment(7, List.of("first shape"))),
                result.prompts().get(1).compressed().get("blind").alignment());
        Path file = folder.resolve(Evaluation.FILE);
        assertEquals(result, EvaluationFile.read(file));

        // What version 1.0 wrote is the same without it.
        String text = Files.readString(file);
        Files.writeString(
                file,
                text.replace("headwise.evaluation/1.2", "headwise.evaluation/1.0")
                        .replaceAll(",\\s*\"processPeakBytes\" : \\d+", "")
                        .replaceAll(",\\s*\"meanings\" : \\{[^}]*\\}", "")
                        .replaceAll("(?s),\\s*\"alignment\" : \\{.*?\\}", ""));
        EvaluationResult old = EvaluationFile.read(file);
        assertEquals(3, old.prompts().size());
        assertEquals(0, old.full(Fidelity::aligned).count());
        Files.writeString(file, text.replace("\"attributes\" : 7", "\"attributes\" : 0"));
        assertTrue(assertThrows(InputRefused.class, () -> EvaluationFile.read(file))
                .getMessage()
                .contains("/alignment/attributes"));
    }
}
