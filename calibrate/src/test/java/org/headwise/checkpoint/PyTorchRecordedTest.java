package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.razorvine.pickle.Unpickler;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Files that PyTorch wrote, and hostile ones: each behaves as the index beside it says. */
class PyTorchRecordedTest {
    private static final JsonNode INDEX = Json.read(file("pth/pth_index.json"));

    @TestFactory
    Stream<DynamicTest> behavesAsRecorded() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode entry : INDEX.get("files")) {
            Path path = file("pth").resolve(entry.get("file").stringValue());
            if (Files.exists(path)) {
                tests.add(DynamicTest.dynamicTest(entry.get("file").stringValue(), () -> judge(entry, path)));
            }
        }
        assertTrue(tests.size() >= 40, tests.size() + " files");
        return tests.stream();
    }

    private static void judge(JsonNode entry, Path path) {
        String expect = entry.get("expect").stringValue();
        if (expect.equals("ignore_or_refuse")) {
            expect = opens(path) ? "load" : "refuse";
        }
        boolean swapped = entry.get("desc").stringValue().contains("byte-swap");
        if (expect.equals("refuse") && !swapped) {
            String message = assertThrows(InputRefused.class, () -> Checkpoints.open(path))
                    .getMessage();
            assertTrue(message.startsWith(path + ": "), message);
            assertFalse(message.contains("\n"), message);
        } else {
            try (Checkpoint read = Checkpoints.open(path)) {
                if (entry.has("expected")) {
                    sameAs(
                            read,
                            file("pth").resolve(entry.get("expected").stringValue()),
                            read.names().size());
                }
                for (JsonNode key : entry.path("keys")) {
                    assertTrue(read.names().contains(key.stringValue()), key.stringValue());
                }
                if (entry.has("keys")) {
                    assertEquals(entry.get("keys").size(), read.names().size());
                }
            }
        }
        assertFalse(Files.exists(Path.of(INDEX.get("marker_file").stringValue())), "a file was executed");
    }

    private static boolean opens(Path path) {
        try (Checkpoint read = Checkpoints.open(path)) {
            return !read.names().isEmpty();
        } catch (InputRefused e) {
            return false;
        }
    }

    private static void sameAs(Checkpoint read, Path expected, int tensors) {
        try (Checkpoint twin = Checkpoints.open(expected)) {
            assertEquals(twin.names().size(), tensors);
            for (String name : twin.names()) {
                StoredTensor want = twin.get(name);
                StoredTensor got = read.get(name);
                assertEquals(want.dtype(), got.dtype(), name);
                assertArrayEquals(want.shape(), got.shape(), name);
                assertEquals(-1, want.bytes().mismatch(got.bytes()), name);
            }
        }
    }

    @Test
    void knowsTheWeightsFromTheRestOfATrainer() {
        try (Checkpoint trainer = Checkpoints.open(file("pth/pth_trainer.pth"));
                Checkpoint shards = Checkpoints.open(file("pth/sharded"))) {
            for (String name : trainer.names()) {
                assertArrayEquals(shards.get(name).toFloats(), trainer.get(name).toFloats(), name);
            }
            assertEquals("0.06M", trainer.metadata().get("args.pn"));
        }
        try (Checkpoint odd = Checkpoints.open(file("pth/pth_odd.pth"))) {
            assertEquals("3", odd.metadata().get("epoch"));
            assertEquals("1.5E-4", odd.metadata().get("lr"));
            assertEquals("true", odd.metadata().get("flag"));
            assertEquals("1180591620717411303424", odd.metadata().get("big"));
            assertEquals("Gr\u00f6\u00dfe/\u6f22\u5b57", odd.metadata().get("uni"));
            assertEquals(2, odd.get("f32").shape().length);
        }
    }

    @Test
    void readsBothKindsOfShards() {
        try (Checkpoint bin = Checkpoints.open(file("pth/sharded/pytorch_model.bin.index.json"));
                Checkpoint safe = Checkpoints.open(file("pth/sharded/model.safetensors.index.json"))) {
            assertEquals(safe.names(), bin.names());
            sameAs(
                    bin,
                    file("pth/sharded/model.safetensors.index.json"),
                    bin.names().size());
        }
        for (String[] pair : new String[][] {
            {"janus/bf16_bin", "janus/bf16_st"},
            {"t5/t5_a_sharded/fp32_bin", "t5/t5_a_sharded/bf16_st"},
        }) {
            try (Checkpoint bin = Checkpoints.open(file(pair[0]));
                    Checkpoint safe = Checkpoints.open(file(pair[1]))) {
                Set<String> names = safe.names();
                assertTrue(bin.names().containsAll(names), pair[0]);
                for (String name : names) {
                    assertArrayEquals(safe.get(name).shape(), bin.get(name).shape(), name);
                    assertArrayEquals(safe.get(name).toFloats(), bin.get(name).toFloats(), name);
                }
            }
        }
    }

    @Test
    void entersTheWrapperModel() {
        try (Checkpoint read = Checkpoints.open(file("llamagen/llamagen_c2i_a.pt"))) {
            assertTrue(
                    read.names().contains("layers.0.attention.wqkv.weight"),
                    read.names().toString());
            assertTrue(read.metadata().containsKey("steps"));
        }
    }

    @Test
    void swapsTheBytesOfBigEndianFiles() {
        try (Checkpoint swapped = Checkpoints.open(file("pth/pth_byteorder_big.pth"));
                Checkpoint plain = Checkpoints.open(file("pth/pth_odd.pth"))) {
            float[] want = plain.get("f32").toFloats();
            float[] got = swapped.get("f32").toFloats();
            for (int i = 0; i < want.length; i++) {
                assertEquals(Integer.reverseBytes(Float.floatToRawIntBits(want[i])), Float.floatToRawIntBits(got[i]));
            }
            assertArrayEquals(plain.get("u8").toInts(), swapped.get("u8").toInts());
            assertNotEquals(plain.get("i64").toDoubles()[0], swapped.get("i64").toDoubles()[0]);
        }
    }

    /** Whatever other code of the process has registered with the pickle library is not looked at. */
    @Test
    void ignoresTheLibrarysOwnRegistry() {
        AtomicInteger calls = new AtomicInteger();
        for (String[] name :
                new String[][] {{"posix", "system"}, {"__builtin__", "eval"}, {"builtins", "exec"}, {"commands", "call"}
                }) {
            Unpickler.registerConstructor(name[0], name[1], arguments -> calls.incrementAndGet());
        }
        for (String name : new String[] {"system", "system_legacy", "eval_nested", "exec_proto4", "subprocess"}) {
            String message = assertThrows(InputRefused.class, () -> Checkpoints.open(file("pth/evil_" + name + ".pth")))
                    .getMessage();
            assertTrue(
                    message.matches("(?s).* names (posix.system|__builtin__.eval|builtins.exec|commands.call).*"),
                    message);
        }
        assertEquals(0, calls.get());
    }

    private static Path file(String name) {
        try {
            return Path.of(
                    PyTorchRecordedTest.class.getResource("/reference/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
