package org.headwise.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelsTest {
    private final String before = System.getProperty("headwise.home");

    @TempDir
    Path home;

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty("headwise.home");
        } else {
            System.setProperty("headwise.home", before);
        }
    }

    @Test
    void findsTheModelsAboveTheClasses() {
        System.clearProperty("headwise.home");
        assertTrue(BundledModels.names().contains("infinity-mini"));
        Path mini = BundledModels.find("infinity-mini").orElseThrow();
        for (String file : List.of(
                "config.json",
                "infinity.safetensors",
                "vae.safetensors",
                "recorded.json",
                "recorded.safetensors",
                "text_encoder/config.json",
                "text_encoder/model.safetensors",
                "text_encoder/tokenizer.json")) {
            assertTrue(Files.isRegularFile(mini.resolve(file)), file);
        }
        Path janus = BundledModels.find("janus-mini").orElseThrow();
        for (String file : List.of(
                "config.json", "model.safetensors", "tokenizer.json", "recorded.json", "recorded.safetensors")) {
            assertTrue(Files.isRegularFile(janus.resolve(file)), file);
        }
        assertEquals(Optional.empty(), BundledModels.find("../models"));
    }

    @Test
    void theLauncherSaysWhere() throws Exception {
        System.setProperty("headwise.home", home.toString());
        InputRefused refused = assertThrows(InputRefused.class, BundledModels::folder);
        assertTrue(refused.getMessage().contains("headwise.home is " + home), refused.getMessage());
        Files.createDirectories(home.resolve("datasets/models/empty"));
        Path tiny = Files.createDirectories(home.resolve("datasets/models/tiny"));
        Files.writeString(tiny.resolve("config.json"), "{}");
        assertEquals(List.of("tiny"), BundledModels.names());
        assertEquals(tiny, BundledModels.find("tiny").orElseThrow());
    }
}
