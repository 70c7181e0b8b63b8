package org.headwise.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.headwise.datasets.scenes.SceneSets;
import org.headwise.datasets.scenes.SceneVocabulary;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PromptSetsTest {
    private static final List<String> CALIBRATION =
            PromptSet.load("scenes-calibration").prompts();
    private static final List<String> EVALUATION =
            PromptSet.load("scenes-evaluation").prompts();

    @Test
    void countsAreTrue() {
        for (PromptSets.Bundled set : PromptSets.bundled()) {
            PromptSet loaded = PromptSet.load(set.name());
            assertEquals(set.count(), loaded.prompts().size(), set.name());
            assertEquals(set.count(), Set.copyOf(loaded.prompts()).size(), set.name() + " repeats a prompt");
            assertEquals(set.name(), loaded.name());
        }
    }

    @Test
    void sceneSetsAreWhatTheGeneratorDraws() {
        assertEquals(SceneSets.calibration(), CALIBRATION);
        assertEquals(SceneSets.evaluation(), EVALUATION);
    }

    @Test
    void sceneSetsAreApart() {
        assertTrue(Collections.disjoint(CALIBRATION, EVALUATION));
        JsonNode recorded = Json.read(BundledModels.folder().resolve("infinity-mini/recorded.json"));
        Set<String> captions = new HashSet<>();
        recorded.get("prompts").forEach(prompt -> captions.add(prompt.stringValue()));
        assertFalse(captions.isEmpty());
        assertTrue(Collections.disjoint(CALIBRATION, captions));
        assertTrue(Collections.disjoint(EVALUATION, captions));
        // None of the six happens to be among the first draws, so this is what shows that they are kept out.
        assertEquals(captions, Set.copyOf(SceneSets.recorded()));
        String first = CALIBRATION.getFirst();
        assertEquals(CALIBRATION.subList(1, 4), SceneSets.draw(1, 3, Set.of(first)));
    }

    @Test
    void scenesUseTheModelsWords() {
        List<String> words = SceneVocabulary.words();
        for (List<String> set : List.of(CALIBRATION, EVALUATION)) {
            for (String caption : set) {
                assertTrue(words.containsAll(List.of(caption.split(" "))), caption);
            }
        }
        JsonNode tokenizer = Json.read(BundledModels.folder().resolve("infinity-mini/text_encoder/tokenizer.json"));
        JsonNode vocabulary = tokenizer.get("model").get("vocab");
        assertEquals(words.size(), vocabulary.size());
        for (int id = 0; id < words.size(); id++) {
            assertEquals(id, vocabulary.get(words.get(id)).intValue(), words.get(id));
        }
    }
}
