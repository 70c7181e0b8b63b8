package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Sha256;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class CheckpointsTest {
    @TempDir
    Path folder;

    /** What lies where a checkpoint should be, and what the refusal must say of it. */
    @TestFactory
    Stream<DynamicTest> recognisesWhatIsNoCheckpoint() {
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("", "the file is empty");
        contents.put("PK\u0003\u0004rest of a zip", "no directory at its end");
        contents.put("\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019", "cut short");
        contents.put("\u0080\u0002K\u0001.", "none that PyTorch wrote");
        contents.put("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n", "Git LFS pointer");
        contents.put("<!DOCTYPE html><html></html>", "HTML page");
        contents.put("\n<html><body>404</body></html>", "HTML page");
        contents.put("GGUF\u0003\0\0\0", "GGUF");
        contents.put("\u001f\u008b\u0008\0", "gzip");
        contents.put("\u0093NUMPY\u0001\0", "NumPy");
        contents.put("{\"a\":1}", "no index of shards");
        contents.put("\u0010\0\0\0\0\0\0\0{\"w\":", "cut short");
        contents.put("something else entirely", "no safetensors file");
        return contents.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getValue(), () -> {
                    Path file = folder.resolve("model.safetensors");
                    Files.write(file, e.getKey().getBytes(StandardCharsets.ISO_8859_1));
                    InputRefused refused = assertThrows(InputRefused.class, () -> Checkpoints.open(file));
                    assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
                    assertTrue(refused.getMessage().contains(e.getValue()), refused.getMessage());
                    assertFalse(refused.getMessage().contains("\n"));
                }));
    }

    @Test
    void readsRecordedShardsThroughFolderAndIndex() throws URISyntaxException {
        Path shards = Path.of(CheckpointsTest.class
                .getResource("/reference/t5/t5_a_sharded/bf16_st")
                .toURI());
        try (Checkpoint byFolder = Checkpoints.open(shards);
                Checkpoint byIndex = Checkpoints.open(shards.resolve("model.safetensors.index.json"));
                Checkpoint one = Checkpoints.open(shards.resolve("model-00001-of-00003.safetensors"))) {
            assertEquals(byFolder.names(), byIndex.names());
            assertTrue(byFolder.names().size() > one.names().size());
            assertTrue(byFolder.names().containsAll(one.names()));
            assertArrayEquals(
                    one.get("shared.weight").toFloats(),
                    byFolder.get("shared.weight").toFloats());
            assertEquals(Map.of("format", "pt"), byFolder.metadata());
        }
    }

    /** Shards of another model; pickled shards of the same name lie beside them in the wild, with an index of their own. */
    @Test
    void shardsHoldTheRecordedBytes() throws URISyntaxException {
        Path shards = Path.of(
                CheckpointsTest.class.getResource("/reference/pth/sharded").toURI());
        try (Checkpoint read = Checkpoints.open(shards.resolve("model.safetensors.index.json"))) {
            assertEquals(
                    "f79cc4b37cf2ffbf68ae03a8c3f568fb1782a0c6e8e27b5ac70a539e1da97065", digest(read.get("pos_start")));
            assertEquals(
                    "af491f39c43d119bee7978faed3720a9d964542941dfa8709e4cf698ef313b59",
                    digest(read.get("word_embed.weight").expect(72, 16)));
            assertEquals(5, read.names().size());
        }
        try (Checkpoint safetensors = Checkpoints.open(shards.resolve("model.safetensors.index.json"));
                Checkpoint pickles = Checkpoints.open(shards.resolve("pytorch_model.bin.index.json"))) {
            assertEquals(safetensors.names().size(), pickles.names().size());
        }
    }

    private static String digest(StoredTensor tensor) {
        return Sha256.of(tensor.bytes().toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void namesEveryMissingShardTensorAndDuplicateAtOnce() {
        shard("one.safetensors", "a", "b", "twice");
        shard("two.safetensors", "c", "twice");
        Path index = index(Map.of(
                "a",
                "one.safetensors",
                "twice",
                "two.safetensors",
                "gone",
                "two.safetensors",
                "x",
                "three.safetensors",
                "y",
                "four.safetensors"));
        InputRefused refused = assertThrows(InputRefused.class, () -> Checkpoints.open(index));
        for (String part : new String[] {
            "2 missing shards",
            "three.safetensors",
            "four.safetensors",
            "gone (two.safetensors)",
            "twice (",
            "model.safetensors.index.json"
        }) {
            assertTrue(refused.getMessage().contains(part), refused.getMessage());
        }
    }

    @Test
    void keepsTensorsThatTheIndexForgot() {
        shard("one.safetensors", "a", "b");
        try (Checkpoint read = Checkpoints.open(index(Map.of("a", "one.safetensors")))) {
            assertEquals("[a, b]", read.names().toString());
        }
    }

    @Test
    void refusesIndexesThatLeaveTheFolder() {
        for (String file : new String[] {"../one.safetensors", "/etc/passwd", "a\\b", "..", ""}) {
            Path index = index(Map.of("a", file));
            String message = assertThrows(InputRefused.class, () -> Checkpoints.open(index))
                    .getMessage();
            assertTrue(message.contains("plain name"), message);
        }
    }

    @Test
    void refusesShardsThatAreNoSafetensors() throws IOException {
        Files.writeString(folder.resolve("one.safetensors"), "version https://git-lfs.github.com/spec/v1\n");
        Path index = index(Map.of("a", "one.safetensors"));
        String message =
                assertThrows(InputRefused.class, () -> Checkpoints.open(index)).getMessage();
        assertTrue(message.contains("one.safetensors: this is a Git LFS pointer"), message);
    }

    @Test
    void refusesFoldersWithoutOneAnswer() throws IOException {
        Path missing = folder.resolve("nowhere");
        assertRefused(missing, "no such file or folder");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertRefused(empty, "holds no checkpoint");
        Files.writeString(empty.resolve("one.pth"), "PK\u0003\u0004");
        assertRefused(empty, "one.pth: the zip file");
        Files.writeString(empty.resolve("training_args.bin"), "x");
        assertRefused(empty, "found one.pth, training_args.bin and no index");
        Files.writeString(empty.resolve("pytorch_model.bin"), "PK\u0003\u0004");
        assertRefused(empty, "pytorch_model.bin: the zip file");
        shard("one.safetensors", "a");
        try (Checkpoint read = Checkpoints.open(folder)) {
            assertEquals("[a]", read.names().toString());
        }
        shard("two.safetensors", "a");
        assertRefused(folder, "one.safetensors, two.safetensors and no index");
    }

    private static void assertRefused(Path path, String part) {
        String message =
                assertThrows(InputRefused.class, () -> Checkpoints.open(path)).getMessage();
        assertTrue(message.contains(part), message);
    }

    private void shard(String file, String... names) {
        Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
        for (String name : names) {
            tensors.put(name, SafetensorsWriter.Entry.f32(new float[] {1, 2}, 2));
        }
        SafetensorsWriter.write(folder.resolve(file), tensors, Map.of());
    }

    private Path index(Map<String, String> map) {
        ObjectNode root = Json.object();
        ObjectNode weights = root.putObject("weight_map");
        map.forEach(weights::put);
        Path index = folder.resolve("model.safetensors.index.json");
        try {
            Files.writeString(index, Json.pretty(root));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return index;
    }
}
