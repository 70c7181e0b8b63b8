package org.headwise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.model.llamagen.JanusDecoder;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.NonFinite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of every family with one broken number in one of their parts. */
class FiniteWeightsTest {
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

    @ParameterizedTest
    @CsvSource({
        "infinity, infinity.safetensors, block_chunks.0.module.0.sa.mat_qkv.weight, NaN, the attention of layer 0 at step 0",
        "infinity, infinity.safetensors, word_embed.weight, Infinity, the attention of layer 0 at step 1",
        "infinity, infinity.safetensors, head.weight, NaN, the logits",
        "infinity, vae.safetensors, decoder.conv_out.conv.bias, Infinity, the levels of the decoded image",
        "infinity, text_encoder/model.safetensors, encoder.block.1.layer.0.SelfAttention.v.weight, NaN, ''",
        "infinity, text_encoder/model.safetensors, shared.weight, NaN, ''",
        "infinity, text_encoder/model.safetensors, encoder.block.1.layer.0.SelfAttention.v.weight, 1e39, ''",
        "infinity, infinity.safetensors, block_chunks.0.module.0.sa.mat_qkv.weight, 1e39, layer 0 at step 0",
        "infinity, text_encoder/model.safetensors, encoder.final_layer_norm.weight, -1e39, ''",
        "infinity, text_encoder/model.safetensors, shared.weight, 1e39, ''",
        "janus, model.safetensors, language_model.model.layers.3.self_attn.k_proj.weight, NaN, layer 3 at step 0",
        "janus, model.safetensors, gen_aligner.layers.0.weight, -Infinity, layer 0 at step 1",
        "janus, model.safetensors, gen_head.vision_head.bias, NaN, the logits",
        "janus, model.safetensors, gen_head.vision_head.bias, 1e39, the logits",
        "janus, model.safetensors, language_model.model.layers.3.self_attn.k_proj.weight, -1e39, layer 3 at step 0",
        "janus, model.safetensors, gen_vision_model.decoder.conv_out.bias, Infinity, the levels of the decoded image",
        "janus, model.safetensors, gen_vision_model.decoder.mid.1.q.bias, NaN, gen_vision_model.decoder.mid.1",
        "llamagen, c2i.safetensors, layers.1.attention.wqkv.weight, NaN, layer 1 at step 0",
        "llamagen, c2i.safetensors, output.weight, Infinity, the logits",
        "llamagen, vq.safetensors, decoder.conv_out.bias, NaN, the levels of the decoded image",
        "var, var.safetensors, blocks.2.attn.mat_qkv.weight, NaN, layer 2 at step 0",
        "var, var.safetensors, head.bias, Infinity, the logits",
        "var, vae.safetensors, decoder.conv_out.bias, -Infinity, the levels of the decoded image"
    })
    void aWeightThatIsNoNumberIsNamed(String family, String file, String tensor, double value, String where)
            throws IOException {
        prepare(family);
        spoil(folder.resolve(file), tensor, value);
        String said = assertThrows(InputRefused.class, () -> draw(family, 3)).getMessage();
        String place = folder.resolve(file) + ": tensor " + tensor + " is " + value
                + (Double.isFinite(value) ? ", infinite as float32," : "");
        assertTrue(said.matches("\\Q" + place + "\\E at \\[(0, )*1].*"), said);
        assertTrue(said.contains(where), said);
        assertTrue(said.endsWith("every weight must be a number, so fetch or make the file again"), said);
    }

    /** Nothing is wrong with the weights, so they are not blamed. */
    @ParameterizedTest
    @ValueSource(strings = {"infinity", "janus", "llamagen", "var"})
    void sumsThatBecomeTooLargeAreNoFaultOfTheWeights(String family) throws IOException {
        prepare(family);
        String said = assertThrows(NonFinite.class, () -> draw(family, Float.MAX_VALUE))
                .getMessage();
        assertTrue(
                said.startsWith("the logits are NaN or infinite; all weights in the model's files are finite"), said);
        assertTrue(said.contains("check guidance and temperature"), said);
    }

    @Test
    void theShardIsNamedRatherThanTheIndex() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        SafetensorsWriter.write(
                folder.resolve("1.safetensors"),
                Map.of("a", SafetensorsWriter.Entry.f32(new float[4], 2, 2)),
                Map.of());
        SafetensorsWriter.write(
                folder.resolve("2.safetensors"),
                Map.of("b", SafetensorsWriter.Entry.bf16(new float[] {1, 2, 3, 4, 5, Float.NaN}, 2, 3)),
                Map.of());
        Files.writeString(index, "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}");
        NonFinite failure = new NonFinite("the logits are NaN or infinite");
        FiniteWeights weights = new FiniteWeights();
        try (Checkpoint sharded = weights.open(index)) {
            sharded.get("a");
            assertEquals(NonFinite.class, weights.explain(failure).getClass(), "b was not asked for");
            sharded.get("b");
        }
        RuntimeException said = weights.explain(failure);
        assertEquals(InputRefused.class, said.getClass());
        assertTrue(
                said.getMessage()
                        .startsWith(folder.resolve("2.safetensors")
                                + ": tensor b is NaN at [1, 2]; found because the logits are NaN or infinite; every"),
                said.getMessage());
    }

    private void prepare(String family) throws IOException {
        switch (family) {
            case "infinity", "janus" ->
                copy(BundledModels.find(family + "-mini").orElseThrow());
            case "llamagen" -> {
                convert("llamagen/llamagen_c2i_a.pt", "c2i.safetensors");
                JanusDecoder.write(128, folder.resolve("vq.safetensors"));
                Files.writeString(
                        folder.resolve("config.json"),
                        "{\"family\": \"llamagen\", \"heads\": 3, \"grid\": [6, 6],"
                                + " \"transformer\": \"c2i.safetensors\", \"vae_file\": \"vq.safetensors\"}");
            }
            default -> {
                convert("var/var_a.var.pth", "var.safetensors");
                convert("var/var_a.vae.pth", "vae.safetensors");
                Files.writeString(
                        folder.resolve("config.json"),
                        "{\"family\": \"var\", \"patch_nums\": [1, 2, 3, 4],"
                                + " \"transformer\": \"var.safetensors\", \"vae_file\": \"vae.safetensors\"}");
            }
        }
    }

    private void copy(Path model) throws IOException {
        try (Stream<Path> files = Files.walk(model)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(model.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    private void convert(String resource, String name) throws IOException {
        Path file = folder.resolve("original.pt");
        try (InputStream weights = FiniteWeightsTest.class.getResourceAsStream("/reference/" + resource)) {
            assertNotNull(weights, resource);
            Files.copy(weights, file);
        }
        rewrite(file, folder.resolve(name), "", 0);
        Files.delete(file);
    }

    /** Puts a number in place of the second of a tensor; in a table, of all from there on, as only some are looked up. */
    private static void spoil(Path file, String tensor, double number) throws IOException {
        Path whole = file.resolveSibling("whole.safetensors");
        Files.move(file, whole);
        rewrite(whole, file, tensor, number);
        Files.delete(whole);
    }

    private static void rewrite(Path from, Path to, String spoiled, double number) {
        Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
        try (Checkpoint source = Checkpoints.open(from)) {
            for (String name : source.names()) {
                StoredTensor tensor = source.get(name);
                double[] numbers = tensor.toDoubles();
                if (name.equals(spoiled)) {
                    Arrays.fill(numbers, 1, name.equals("shared.weight") ? numbers.length : 2, number);
                }
                tensors.put(name, entry(numbers, tensor.shape()));
            }
            assertTrue(spoiled.isEmpty() || tensors.containsKey(spoiled), () -> spoiled + " of " + tensors.keySet());
            SafetensorsWriter.write(to, tensors, source.metadata());
        }
    }

    /** As float32 unless a number needs float64, which reaches further. */
    private static SafetensorsWriter.Entry entry(double[] numbers, long[] shape) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
            if (Double.isFinite(numbers[i]) && Float.isInfinite(floats[i])) {
                return SafetensorsWriter.Entry.f64(numbers, shape);
            }
        }
        return SafetensorsWriter.Entry.f32(floats, shape);
    }

    private void draw(String family, float guidance) {
        boolean texts = family.equals("infinity") || family.equals("janus");
        try (ImageModel model = Models.open(folder, engine, DType.F32);
                FullCache cache = new FullCache()) {
            Sampling greedy = new Sampling(guidance, 1, 1, 0);
            model.generate(Request.of(List.of(texts ? "a red circle" : "3"), List.of(0L), greedy), cache, block -> {});
        }
    }
}
