package org.headwise.model.janus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of a prompt before the model sees it. */
class JanusPromptTest {
    private static final Path MINI = BundledModels.find("janus-mini").orElseThrow();

    @Test
    void templateIsNamedGivenOrThatOfJanusPro() {
        Path file = Path.of("config.json");
        assertEquals(JanusPrompt.pro(), JanusPrompt.read(file, Json.parse("{}", "test")));
        JsonNode first = Json.parse("{\"prompt_template\": \"janus-1.3b\"}", "test");
        assertEquals(
                "User: a cat\n\nAssistant:<begin_of_image>",
                JanusPrompt.read(file, first).around(" a cat\u00a0\n"));
        JsonNode own = Json.parse("{\"prompt_template\": \"draw {prompt}!\", \"pad_token\": \"<p>\"}", "test");
        assertEquals("draw a cat!", JanusPrompt.read(file, own).around("a cat"));
        assertEquals("draw !", JanusPrompt.read(file, own).around("  "));
        assertEquals("<p>", JanusPrompt.read(file, own).pad());
        JsonNode bad = Json.parse("{\"prompt_template\": \"janus-9\"}", "test");
        InputRefused refused = assertThrows(InputRefused.class, () -> JanusPrompt.read(file, bad));
        assertTrue(refused.getMessage().contains("janus-9"), refused.getMessage());
    }

    @Test
    void idsAreThoseOfTheFile() {
        JsonNode recorded = Json.read(MINI.resolve("recorded.json"));
        try (Checkpoint tensors = Checkpoints.open(MINI.resolve("recorded.safetensors"));
                JanusText text = JanusText.open(MINI.resolve("tokenizer.json"), prompts())) {
            assertEquals(39, text.pad());
            for (int i = 0; i < recorded.get("prompts").size(); i++) {
                String prompt = recorded.get("prompts").get(i).asString();
                assertArrayEquals(tensors.get(i + ".ids").toInts(), text.ids(prompt), prompt);
            }
        }
    }

    @Test
    void theBeginTokenIsThereWhoeverAddsIt(@TempDir Path folder) throws IOException {
        ObjectNode json = (ObjectNode) Json.read(MINI.resolve("tokenizer.json"));
        json.putNull("post_processor");
        // Ids are read by content, so another numbering must come out.
        for (JsonNode added : json.get("added_tokens")) {
            if (added.get("content").asString().equals("<begin_of_image>")) {
                ((ObjectNode) added).put("id", 45);
            }
        }
        ((ObjectNode) json.get("model").get("vocab")).put("<begin_of_image>", 45);
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, Json.pretty(json));
        try (JanusText text = JanusText.open(file, prompts())) {
            assertArrayEquals(new int[] {40, 3, 21, 24, 45}, text.ids("a red circle"));
        }
    }

    @Test
    void missingSpecialTokensAreNamed(@TempDir Path folder) throws IOException {
        ObjectNode json = (ObjectNode) Json.read(MINI.resolve("tokenizer.json"));
        json.putNull("post_processor");
        ArrayNode kept = json.putArray("added_tokens");
        kept.addAll(List.<JsonNode>of());
        for (String content : List.of("<begin_of_image>", "<｜▁pad▁｜>")) {
            ((ObjectNode) json.get("model").get("vocab")).remove(content);
        }
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, Json.pretty(json));
        InputRefused refused = assertThrows(InputRefused.class, () -> JanusText.open(file, prompts()));
        assertTrue(refused.getMessage().contains("<｜▁pad▁｜>, <begin_of_image>"), refused.getMessage());
    }

    private static JanusPrompt prompts() {
        return JanusConfig.read(MINI.resolve("config.json")).prompts();
    }
}
