package org.headwise.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded runs of Hugging Face's T5EncoderModel, on random weights and on a trained mini encoder. */
class T5EncoderTest {
    private static final double TOLERANCE = 2e-5;

    @Test
    void bucketsAreTheRecordedOnes() {
        RelativeBuckets buckets = new RelativeBuckets(32, 128);
        try (Checkpoint recorded = Checkpoints.open(file("t5/t5_a.safetensors"))) {
            int[] expected = recorded.get("buckets").toInts();
            int[] got = new int[expected.length];
            Arrays.setAll(got, i -> buckets.of(i - expected.length / 2));
            assertArrayEquals(expected, got);
        }
    }

    @Test
    void hiddenStatesAreTheRecordedOnes() {
        try (Engine engine = Engine.vector(2);
                Checkpoint recorded = Checkpoints.open(file("t5/t5_a.safetensors"))) {
            T5Encoder encoder = encoder(engine);
            Map<String, float[]> seen = new HashMap<>();
            Tensor last = encoder.encode(
                    ids(recorded, "short.input_ids", 0),
                    (name, value) -> seen.put(name, value.data().clone()));
            assertClose(recorded.get("short.last_hidden_state").toFloats(), last.data(), "short");
            for (String name : new String[] {"hidden_0", "hidden_1", "hidden_2", "hidden_3", "attn_0", "attn_2"}) {
                assertClose(recorded.get("short." + name).toFloats(), seen.get(name), name);
            }
            Tensor far = encoder.encode(ids(recorded, "long.input_ids", 0));
            assertClose(recorded.get("long.last_hidden_state").toFloats(), far.data(), "long");
        }
    }

    @Test
    void paddedRowsEqualUnpaddedOnes() {
        try (Engine engine = Engine.vector(1);
                Checkpoint recorded = Checkpoints.open(file("t5/t5_a.safetensors"))) {
            T5Encoder encoder = encoder(engine);
            int[] mask = recorded.get("padded.attention_mask").toInts();
            float[] expected = recorded.get("padded.last_hidden_state").toFloats();
            int length = mask.length / 2;
            for (int row = 0; row < 2; row++) {
                int valid =
                        Arrays.stream(mask, row * length, (row + 1) * length).sum();
                int[] ids = Arrays.copyOf(ids(recorded, "padded.input_ids", row), valid);
                int from = row * length * encoder.width();
                assertClose(
                        Arrays.copyOfRange(expected, from, from + valid * encoder.width()),
                        encoder.encode(ids).data(),
                        "row " + row);
            }
        }
    }

    /** Same weights in BF16 and in shards, decoder included; the recorded weights are BF16 numbers. */
    @Test
    void shardsGiveTheSameAsOneFile() {
        try (Engine engine = Engine.vector(1);
                Checkpoint one = Checkpoints.open(file("t5/t5_a.weights.safetensors"));
                Checkpoint shards = Checkpoints.open(file("t5/t5_a_sharded/bf16_st"))) {
            T5Encoder sharded = T5Encoder.open(file("t5/t5_a_sharded/bf16_st"), engine);
            int[] ids = {5, 9, 2, 77, 159, 1};
            assertEquals(48, sharded.encode(ids).dim(1));
            Map<String, SafetensorsWriter.Entry> same = new LinkedHashMap<>();
            for (String name : one.names()) {
                StoredTensor tensor = shards.get(name);
                same.put(name, SafetensorsWriter.Entry.f32(tensor.toFloats(), tensor.shape()));
            }
            T5Config config = T5Config.read(file("t5/t5_a_sharded/bf16_st/config.json"));
            Path copy = temporary.resolve("copy.safetensors");
            SafetensorsWriter.write(copy, same, Map.of());
            try (Checkpoint written = Checkpoints.open(copy)) {
                Tensor expected = new T5Encoder(written, config, engine).encode(ids);
                assertClose(expected.data(), sharded.encode(ids).data(), "shards");
            }
        }
    }

    @TempDir
    Path temporary;

    @Test
    void featuresOfTheMiniModelAreTheRecordedOnes() {
        try (Engine engine = Engine.vector(2);
                Checkpoint recorded = Checkpoints.open(file("mini/recorded_text.safetensors"))) {
            T5Encoder encoder = T5Encoder.open(file("mini/text_encoder"), engine);
            for (int p = 0; p < 6; p++) {
                float[] expected = recorded.get(p + ".features").toFloats();
                int[] ids = recorded.get(p + ".ids").toInts();
                assertClose(expected, encoder.encode(ids).data(), "prompt " + p);
            }
        }
    }

    @Test
    void refusesWhatDoesNotFit() throws IOException {
        try (Engine engine = Engine.scalar(1);
                Checkpoint weights = Checkpoints.open(file("t5/t5_a.weights.safetensors"))) {
            T5Encoder encoder = encoder(engine);
            assertThrows(InputRefused.class, () -> encoder.encode(new int[0]));
            assertThrows(InputRefused.class, () -> encoder.encode(new int[] {160}));
            assertThrows(InputRefused.class, () -> encoder.encode(new int[] {-1}));
            String good = Files.readString(file("t5/t5_a.config.json"));
            Map<String, String> wrong = Map.of(
                    "\"d_kv\": 8", "\"d_kv\": 9",
                    "\"num_layers\": 3", "\"num_layers\": 2",
                    "\"d_model\": 48", "\"d_model\": -48",
                    "\"d_ff\": 96", "\"d_ff\": 1e99",
                    "\"num_heads\": 5", "\"num_heads\": \"5\"",
                    "gated-gelu", "relu",
                    "_num_buckets\": 32", "_num_buckets\": 30",
                    "\"model_type\": \"t5\"", "\"model_type\": \"bert\"",
                    "\"layer_norm_epsilon\": 1e-06", "\"layer_norm_epsilon\": -1");
            wrong.forEach((from, to) -> {
                Path config = temporary.resolve("config.json");
                try {
                    assertTrue(good.contains(from), from);
                    Files.writeString(config, good.replace(from, to));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                String message = assertThrows(
                                InputRefused.class, () -> new T5Encoder(weights, T5Config.read(config), engine), from)
                        .getMessage();
                assertTrue(message.contains(".json") || message.contains(".safetensors"), message);
            });
        }
    }

    private static T5Encoder encoder(Engine engine) {
        try (Checkpoint weights = Checkpoints.open(file("t5/t5_a.weights.safetensors"))) {
            return new T5Encoder(weights, T5Config.read(file("t5/t5_a.config.json")), engine);
        }
    }

    private static int[] ids(Checkpoint recorded, String name, int row) {
        StoredTensor ids = recorded.get(name);
        int length = (int) ids.shape()[1];
        return Arrays.copyOfRange(ids.toInts(), row * length, (row + 1) * length);
    }

    private static void assertClose(float[] expected, float[] got, String what) {
        assertEquals(expected.length, got.length, what);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((double) expected[i] - got[i]));
        }
        assertTrue(worst <= TOLERANCE, what + ": worst error " + worst);
    }

    private static Path file(String name) {
        try {
            return Path.of(T5EncoderTest.class.getResource("/reference/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
