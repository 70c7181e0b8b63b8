package org.headwise.model.janus;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Copies of the bundled mini with something broken. */
class JanusFaultsTest {
    private static final Path MINI = BundledModels.find("janus-mini").orElseThrow();

    private static Engine engine;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        engine = Engine.vector(2);
    }

    @AfterAll
    static void end() {
        engine.close();
    }

    @BeforeEach
    void copy() throws IOException {
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(MINI.resolve(file), folder.resolve(file));
        }
    }

    @Test
    void missingTensorsOfTheDecoderAreNamedAtOnce() throws IOException {
        rename("gen_vision_model.decoder.conv_blocks.1.res.0.nin_shortcut.weight", "x");
        rename("gen_vision_model.decoder.conv_blocks.0.res.1.conv1.bias", "y");
        String refusal = refusal();
        assertTrue(refusal.contains("2 of the tensors that are needed are missing"), refusal);
        assertTrue(refusal.contains("conv_blocks.1.res.0.nin_shortcut.weight"), refusal);
        assertTrue(refusal.contains("conv_blocks.0.res.1.conv1.bias"), refusal);
    }

    @Test
    void aConfigOfOtherWidthsIsRefusedByTheFirstTensor() throws IOException {
        ObjectNode config = (ObjectNode) Json.read(MINI.resolve("config.json"));
        ((ObjectNode) config.get("language_config")).put("num_key_value_heads", 4);
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        assertTrue(refusal().contains("self_attn.k_proj.weight has shape [128, 128], expected [64, 128]"), refusal());
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        String json = Files.readString(file).replace("\"id\": 39", "\"id\": 99");
        Files.writeString(file, json);
        assertTrue(refusal().contains("id 99"), refusal());
    }

    @Test
    void aModelWithoutWeightsIsRefused() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        assertTrue(refusal().contains("no checkpoint"), refusal());
        Files.copy(MINI.resolve("recorded.safetensors"), folder.resolve("other.safetensors"));
        assertTrue(refusal().contains("other.safetensors: "), refusal());
        assertTrue(refusal().contains("gen_embed.weight"), refusal());
    }

    private String refusal() {
        return assertThrows(InputRefused.class, this::draw).getMessage();
    }

    private void draw() {
        try (ImageModel model = Models.open(folder, engine, DType.F32);
                FullCache cache = new FullCache()) {
            Sampling greedy = new Sampling(5, 1, 1, 0);
            model.generate(Request.of(List.of("a red circle"), List.of(0L), greedy), cache, null);
        }
    }

    /** Gives a tensor another name of the same length. */
    private void rename(String tensor, String first) throws IOException {
        Path file = folder.resolve("model.safetensors");
        String all = Files.readString(file, StandardCharsets.ISO_8859_1);
        String other = first + tensor.substring(1);
        Files.writeString(file, all.replace("\"" + tensor + "\"", "\"" + other + "\""), StandardCharsets.ISO_8859_1);
    }
}
