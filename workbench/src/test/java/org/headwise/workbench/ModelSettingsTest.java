package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.headwise.files.InputRefused;
import org.headwise.model.ModelPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSettingsTest {
    @TempDir
    Path folder;

    @Test
    void aModelIsAFolderOrATableOfParts() throws IOException {
        ModelSettings settings = read("""
                # where the models are
                infinity-2b = "infinity/2b"
                janus-pro-1b = '/models/Janus-Pro-1B'

                [infinity-8b]
                folder = "infinity"
                text_encoder = "~/t5"
                """);
        assertEquals(
                List.of("infinity-2b", "janus-pro-1b", "infinity-8b"),
                List.copyOf(settings.models().keySet()));
        assertEquals(
                new ModelPlace(folder.resolve("infinity/2b"), Map.of()),
                settings.models().get("infinity-2b"));
        assertEquals(
                Path.of("/models/Janus-Pro-1B"),
                settings.models().get("janus-pro-1b").folder());
        assertEquals(
                Map.of(ModelPart.TEXT_ENCODER, Path.of(System.getProperty("user.home"), "t5")),
                settings.models().get("infinity-8b").parts());
    }

    @Test
    void anAbsentFileSaysNothing() {
        assertTrue(ModelSettings.read(folder.resolve("none.toml")).models().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "infinity-3b = \"x\" | \"infinity-3b\" is no model that is known; headwise models lists the names",
                "infinity-2b = 7 | infinity-2b: expected a folder in quotes or a table with folder, config, transformer,"
                        + " vae, text_encoder, tokenizer",
                "\"infinity-2b@1M\" = \"x\" | \"infinity-2b@1M\" is no model that is known; headwise models lists the names",
                "infinity-2b.weights = \"x\" | infinity-2b: there is no key \"weights\", expected folder, config,"
                        + " transformer, vae, text_encoder, tokenizer",
                "infinity-2b.vae = [] | infinity-2b.vae: found [], expected a path in quotes",
                "infinity-2b = \"\" | infinity-2b: found \"\", expected a path in quotes",
            })
    void whatMeansNothingIsRefused(String toml, String problem) {
        InputRefused refused = assertThrows(InputRefused.class, () -> read(toml));
        assertEquals(folder.resolve("models.toml") + ": " + problem, refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "infinity-2b = | 2",
                "[infinity-2b | 2",
                "infinity-2b = \"a\"~infinity-2b = \"b\" | 3",
                "infinity-2b = /models/2b | 2",
                "infinity-2b = \"x | 2",
            })
    void badTomlIsRefusedWithItsLine(String toml, int line) {
        InputRefused refused = assertThrows(InputRefused.class, () -> read("# models\n" + toml.replace("~", "\n")));
        assertTrue(
                refused.getMessage()
                        .startsWith(folder.resolve("models.toml") + ": not valid TOML at line " + line + ": "),
                refused.getMessage());
        assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = folder.resolve("models.toml");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertEquals(
                file + ": not valid TOML: it is not UTF-8",
                assertThrows(InputRefused.class, () -> ModelSettings.read(file)).getMessage());
    }

    private ModelSettings read(String toml) throws IOException {
        Path file = folder.resolve("models.toml");
        Files.writeString(file, toml, StandardCharsets.UTF_8);
        return ModelSettings.read(file);
    }
}
