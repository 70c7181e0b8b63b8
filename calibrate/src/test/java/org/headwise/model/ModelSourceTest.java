package org.headwise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.headwise.files.Json;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The bundled mini under the names of releases must be the same model. */
class ModelSourceTest {
    private static final Path MINI = BundledModels.find("infinity-mini").orElseThrow();

    @TempDir
    Path folder;

    @Test
    void filesUnderReleasedNamesAreTheModel() throws IOException {
        release(folder, "infinity_125M_256x256.pth", "infinity_vae_d16.pth", "flan-t5-xl");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"infinity\"}");
        assertSameImage(ModelSource.of(folder));
        assertSameImage(ModelSource.of(known("infinity-125m"), folder, Map.of()));
    }

    @Test
    void convertedFilesKeepTheirNames() throws IOException {
        release(folder, "infinity_125M_256x256.safetensors", "infinity_vae_d16.safetensors", "text_encoder");
        assertSameImage(ModelSource.of(folder));
    }

    @Test
    void partsMayLieApart() throws IOException {
        Path text = copy(MINI.resolve("text_encoder"), folder.resolve("t5"));
        Path tokenizer = Files.move(text.resolve("tokenizer.json"), folder.resolve("words.json"));
        assertSameImage(ModelSource.of(
                known("infinity-125m"),
                null,
                Map.of(
                        ModelPart.TRANSFORMER,
                        MINI.resolve("infinity.safetensors"),
                        ModelPart.VAE,
                        MINI.resolve("vae.safetensors"),
                        ModelPart.TEXT_ENCODER,
                        text,
                        ModelPart.TOKENIZER,
                        tokenizer)));
    }

    @Test
    void aFolderOfShardsIsATransformer() throws IOException {
        release(folder, "whole.pth", "infinity_vae_d56_f8_14_patchify.pth", "flan-t5-xl");
        shards(folder.resolve("whole.pth"), folder.resolve("infinity_8b_weights"));
        Files.delete(folder.resolve("whole.pth"));
        ModelSource found = ModelSource.of(folder);
        assertEquals(1, found.config().get("apply_spatial_patchify").asInt());
        // The mini is no patchified model, so only its transformer is taken from there.
        assertSameImage(ModelSource.of(
                known("infinity-125m"),
                MINI,
                Map.of(
                        ModelPart.TRANSFORMER,
                        folder.resolve("infinity_8b_weights"),
                        ModelPart.TEXT_ENCODER,
                        MINI.resolve("text_encoder"))));
    }

    @Test
    void aModelFoldersOwnConfigurationGoesFirst() throws IOException {
        copy(MINI, folder);
        Files.move(folder.resolve("vae.safetensors"), folder.resolve("other.safetensors"));
        ObjectNode config = (ObjectNode) Json.read(folder.resolve("config.json"));
        Files.writeString(folder.resolve("config.json"), Json.pretty(config.put("vae_file", "other.safetensors")));
        ModelSource source = ModelSource.of(known("infinity-2b"), folder, Map.of());
        assertEquals("0.06M", source.config().get("pn").asString());
        assertSameImage(source);
    }

    @Test
    void theResolutionOfAReferenceIsThatOfTheModel() {
        KnownModel known = known("infinity-2b@0.25M:1.333");
        assertEquals("0.25M", known.config().get("pn").asString());
        assertEquals(1.333, known.config().get("h_div_w").asDouble());
        assertEquals(10, known.geometry().steps().size());
        assertEquals(10, known("infinity-8b-512").geometry().steps().size());
        assertThrows(InputRefused.class, () -> KnownModels.find("infinity-2b@2M"));
        assertThrows(InputRefused.class, () -> KnownModels.find("infinity-2b:7"));
        assertTrue(KnownModels.find("var-d16@1M").isEmpty());
    }

    @Test
    void whatIsMissingIsNamedWithItsPlaceOnTheHub() throws IOException {
        Files.createFile(folder.resolve("infinity_2b_reg.pth"));
        InputRefused refused = assertThrows(InputRefused.class, () -> ModelSource.of(folder));
        assertEquals(
                folder + ": infinity-2b lacks the vae (FoundationVision/Infinity/infinity_vae_d32reg.pth),"
                        + " the text_encoder (google/flan-t5-xl), the tokenizer (google/flan-t5-xl/tokenizer.json);"
                        + " generate and calibrate need all of its files",
                refused.getMessage());
        Path gone = folder.resolve("gone");
        assertEquals(
                gone + ": there is no such folder, where infinity-2b should be",
                assertThrows(InputRefused.class, () -> ModelSource.of(known("infinity-2b"), gone, Map.of()))
                        .getMessage());
        assertEquals(
                gone + ": there is no such file or folder, where the vae of infinity-2b should be",
                assertThrows(
                                InputRefused.class,
                                () -> ModelSource.of(known("infinity-2b"), folder, Map.of(ModelPart.VAE, gone)))
                        .getMessage());
    }

    @Test
    void aReleasedJanusFolderNeedsNoNameOfItsFamily() {
        Path mini = BundledModels.find("janus-mini").orElseThrow();
        ModelSource source = ModelSource.of(known("janus-pro-1b"), mini, Map.of());
        assertEquals("janus", source.family().name());
        try (Engine engine = Engine.vector(1);
                ImageModel opened = Models.open(source, engine, DType.F32);
                ImageModel plain = Models.open(mini, engine, DType.F32)) {
            assertEquals(plain.geometry(), opened.geometry());
        }
    }

    private static KnownModel known(String name) {
        return KnownModels.find(name).orElseThrow();
    }

    private static void release(Path into, String transformer, String vae, String text) throws IOException {
        Files.copy(MINI.resolve("infinity.safetensors"), into.resolve(transformer));
        Files.copy(MINI.resolve("vae.safetensors"), into.resolve(vae));
        copy(MINI.resolve("text_encoder"), into.resolve(text));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!Files.isDirectory(target)) {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    /** Writes a checkpoint as two shards and an index. */
    private static void shards(Path file, Path into) throws IOException {
        Files.createDirectories(into);
        ObjectNode index = Json.object();
        ObjectNode map = index.putObject("weight_map");
        try (Checkpoint whole = Checkpoints.open(file)) {
            List<String> names = new ArrayList<>(whole.names());
            for (int shard = 0; shard < 2; shard++) {
                String name = "model-0000" + (shard + 1) + "-of-00002.safetensors";
                Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
                for (String tensor : names.subList(shard * names.size() / 2, (shard + 1) * names.size() / 2)) {
                    StoredTensor stored = whole.get(tensor);
                    tensors.put(tensor, SafetensorsWriter.Entry.f32(stored.toFloats(), stored.shape()));
                    map.put(tensor, name);
                }
                SafetensorsWriter.write(into.resolve(name), tensors, Map.of());
            }
        }
        Files.writeString(into.resolve("model.safetensors.index.json"), Json.pretty(index));
    }

    private static void assertSameImage(ModelSource source) {
        try (Engine engine = Engine.vector(2);
                ImageModel plain = Models.open(MINI, engine, DType.F32);
                ImageModel opened = Models.open(source, engine, DType.F32)) {
            assertArrayEquals(image(plain), image(opened));
        }
    }

    private static byte[] image(ImageModel model) {
        Request request = Request.of(List.of("a large green ring in the top"), List.of(3L), model.sampling());
        try (FullCache cache = new FullCache()) {
            return model.generate(request, cache, null).images().getFirst().png();
        }
    }
}
