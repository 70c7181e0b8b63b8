package org.headwise.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TokenizerTest {
    @Test
    void givesTheRecordedIds() {
        JsonNode prompts = Json.read(mini("recorded.json")).get("prompts");
        try (Tokenizer tokenizer = Tokenizer.open(mini("text_encoder"));
                Checkpoint recorded = Checkpoints.open(mini("recorded_text.safetensors"))) {
            assertEquals(6, prompts.size());
            for (int p = 0; p < prompts.size(); p++) {
                int[] expected = recorded.get(p + ".ids").toInts();
                assertArrayEquals(expected, tokenizer.encode(prompts.get(p).stringValue()));
            }
        }
    }

    @Test
    void cutsAtTheEndAndKeepsTheEndMark() {
        String text = "a large red circle in the center";
        try (Tokenizer tokenizer = Tokenizer.open(mini("text_encoder/tokenizer.json"))) {
            int[] all = tokenizer.encode(text);
            assertArrayEquals(new int[] {3, 31, 21, 24, 6, 9, 32, 1}, all);
            assertArrayEquals(new int[] {3, 31, 21, 24, 1}, tokenizer.encode(text, 5));
            assertArrayEquals(all, tokenizer.encode(text, 8));
            assertArrayEquals(new int[] {1}, tokenizer.encode("", 5));
            assertArrayEquals(new int[] {1}, tokenizer.encode(text, 1));
            assertArrayEquals(new int[] {2, 2, 1}, tokenizer.encode("\ud83d\ude00 \u4f60\u597d", 5));
            assertThrows(InputRefused.class, () -> tokenizer.encode(text, 0));
        }
    }

    @Test
    void refusesHalfASurrogatePair() {
        try (Tokenizer tokenizer = Tokenizer.open(mini("text_encoder"))) {
            for (String text : new String[] {"a\ud83d", "\ude00a", "\ud83d\ud83d\ude00"}) {
                assertThrows(InputRefused.class, () -> tokenizer.encode(text));
            }
        }
    }

    @Test
    void refusesWhatIsNoTokenizer(@TempDir Path folder) throws IOException {
        assertTrue(refusal(folder).contains("a tokenizer.json is needed"));
        Path file = folder.resolve("tokenizer.json");
        byte[] good = Files.readAllBytes(mini("text_encoder/tokenizer.json"));
        String text = new String(good, StandardCharsets.UTF_8);
        String[] broken = {
            "",
            "version https://git-lfs.github.com/spec/v1\n",
            "{}",
            "{\"version\": \"1.0\"}",
            text.substring(0, text.length() / 2),
            text.replace("WordLevel", "WordLevels"),
            text.replace("\"a\": 3", "\"a\": -3"),
            text.replace("Whitespace", "Blank"),
            "\u0000\u0001\u0002"
        };
        for (String content : broken) {
            Files.writeString(file, content);
            String message = refusal(folder);
            assertTrue(message.startsWith(file + ": "), message);
            assertFalse(message.contains("\n"), message);
        }
    }

    private static String refusal(Path path) {
        return assertThrows(InputRefused.class, () -> Tokenizer.open(path)).getMessage();
    }

    private static Path mini(String name) {
        try {
            return Path.of(
                    TokenizerTest.class.getResource("/reference/mini/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
