package org.headwise.model.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Grid;
import org.headwise.model.Sampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Defaults as Hugging Face's LlamaConfig fills them, and what is refused. */
class JanusConfigTest {
    @TempDir
    private Path folder;

    @Test
    void absentFieldsHaveTheDefaultsOfLlama() throws IOException {
        JanusConfig bare = read("{\"language_config\": {\"num_key_value_heads\": null}}");
        JanusConfig expected = new JanusConfig(
                32, 4096, 32, 32, 128, 1e-6f, 10000, 0, new Grid(24, 24), new Sampling(5, 1, 0, 0), JanusPrompt.pro());
        assertEquals(expected, bare);
    }

    @Test
    void givenFieldsCount() throws IOException {
        JanusConfig config = read("""
                {"language_config": {"hidden_size": 60, "num_attention_heads": 6, "num_key_value_heads": 3,
                   "num_hidden_layers": 2, "rms_norm_eps": 1e-5, "rope_parameters": {"rope_theta": 500}},
                 "gen_aligner_config": {"params": {"depth": 1}},
                 "mini": {"grid": [3, 4], "cfg": 2, "temperature": 0.5}}""");
        assertEquals(10, config.headDim());
        assertEquals(3, config.kvHeads());
        assertEquals(500, config.theta());
        assertEquals(1e-5f, config.epsilon());
        assertEquals(1, config.alignerDepth());
        assertEquals(new Grid(3, 4), config.image());
        assertEquals(new Sampling(2, 0.5f, 0, 0), config.sampling());
        assertEquals(24, read("{\"language_config\": {\"head_dim\": 24}}").headDim());
    }

    @Test
    void refusesWhatItWouldComputeWrongly() throws IOException {
        refused("{}", "language_config");
        refused("{\"language_config\": {\"num_attention_heads\": 6, \"num_key_value_heads\": 4}}", "6 heads");
        refused("{\"language_config\": {\"hidden_size\": 36, \"num_attention_heads\": 4}}", "head size of 9");
        refused("{\"language_config\": {\"hidden_size\": \"x\"}}", "hidden_size");
        refused("{\"language_config\": {\"rope_theta\": -1}}", "rope_theta");
        refused("{\"language_config\": {\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}}}", "linear");
        refused("{\"language_config\": {\"attention_bias\": true}}", "biases");
        refused("{\"language_config\": {\"model_type\": \"qwen2\"}}", "qwen2");
        refused("{\"language_config\": {}, \"mini\": {\"grid\": [0, 3]}}", "mini/grid");
        refused(
                "{\"language_config\": {}, \"gen_aligner_config\": {\"params\": {\"projector_type\": \"linear\"}}}",
                "linear");
    }

    private void refused(String json, String part) throws IOException {
        InputRefused refused = assertThrows(InputRefused.class, () -> read(json));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    private JanusConfig read(String json) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, Json.pretty(Json.parse(json, "test")));
        return JanusConfig.read(file);
    }
}
