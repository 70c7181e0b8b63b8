package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files made to harm their reader: to run something, to take all memory, all stack or all time. */
class PyTorchHostileTest {
    private static final byte[] SIXTEEN = new byte[16];

    private record Lie(String name, byte[] file, String expected) {}

    @TestFactory
    Stream<DynamicTest> refusesPickles() {
        List<Lie> lies = new ArrayList<>();
        lie(lies, "INST", pickle().raw("(S'id'\nios\nsystem\n"), "names os.system");
        lie(lies, "OBJ", pickle().raw("(").global("collections", "OrderedDict").raw("o"), "opcode 0x6f");
        lie(lies, "EXT1", pickle().raw("\u0082\u0001"), "opcode 0x82");
        lie(lies, "PERSID", pickle().raw("P0\n"), "opcode 0x50");
        lie(lies, "NEWOBJ_EX", pickle().global("argparse", "Namespace").raw(")}\u0092"), "opcode 0x92");
        lie(lies, "NEXT_BUFFER", pickle().raw("\u0097"), "opcode 0x97");
        lie(lies, "opcode of nobody", pickle().raw("\u00ff"), "opcode 0xff");
        lie(lies, "protocol 9", pickle().raw("\u0080\u0009N"), "malformed (unsupported pickle protocol: 9)");
        lie(lies, "os.system", pickle().global("os", "system").text("id").raw("\u0085R"), "names os.system");
        lie(lies, "bare class", pickle().global("os", "system"), "names os.system");
        lie(lies, "a Java class", pickle().global("java.lang", "Runtime").raw(")R"), "names java.lang.Runtime");
        lie(lies, "torch.load within", pickle().global("torch.storage", "_load_from_bytes"), "_load_from_bytes");
        lie(lies, "registered by the library", pickle().global("decimal", "Decimal"), "names decimal.Decimal");
        lie(lies, "an exception", pickle().global("builtins", "ValueError").raw(")R"), "names builtins.ValueError");
        lie(
                lies,
                "line feeds in a name",
                pickle().text("a\nb").text("\u001b[31m").raw("\u0093"),
                "names a?b.?[31m");
        lie(lies, "class named by a list", pickle().raw("]]\u0093"), "by something that is no text");
        lie(lies, "call of a text", pickle().text("f").raw(")R"), "calls something that is no function");
        lie(
                lies,
                "call with a list",
                pickle().global("collections", "OrderedDict").raw("]R"),
                "is no function");
        lie(lies, "state of a number", pickle().raw("K\u0001}b"), "something that has none");
        lie(lies, "list as key", pickle().raw("}]Ns"), "container for the key");
        lie(lies, "list as key of a dict", pickle().raw("}(]Nu"), "container for the key");
        lie(lies, "odd items", pickle().raw("}(Nu"), "no dictionary");
        lie(lies, "append to a tuple", pickle().raw(")Na"), "no list");
        lie(lies, "text of 2 GB", pickle().raw("X\u00ff\u00ff\u00ff\u007f"), "only 1 are left");
        lie(lies, "text of -1 bytes", pickle().raw("X\u00ff\u00ff\u00ff\u00ff"), "needs -1 bytes");
        lie(lies, "bytes of 2^62", pickle().raw("\u008e\0\0\0\0\0\0\0\u0040"), "only 1 are left");
        lie(
                lies,
                "integer of 1 MB",
                pickle().raw("\u008b\0\0\u0010\0" + "\1".repeat(1 << 20)),
                "an integer of 1048576");
        lie(lies, "integer of a million digits", pickle().raw("L" + "9".repeat(1 << 20) + "L\n"), "a line of more");
        lie(lies, "2 million lists", pickle().raw("]".repeat(1 << 21)), "more than 1048576 opcodes");
        lie(lies, "list in itself", pickle().raw("]q\0h\0a"), "contains itself");
        lie(lies, "dict in itself, no key", pickle().raw("}q\0").text("").raw("h\0s"), "contains itself");
        lie(lies, "dict in itself", pickle().raw("}q\0").text("model").raw("h\0s"), "contains itself");
        lie(lies, "not a tensor", pickle().raw("K\u0001"), "holds no tensors");
        lie(lies, "nothing", new PickleText(), "malformed");
        lie(lies, "tensors within tuples", pickle().raw(")" + "\u0085".repeat(100_000)), "more than 64 deep");
        lie(
                lies,
                "tensor of no storage",
                pickle().global("torch._utils", "_rebuild_tensor_v2").raw("(NNNNtR"),
                "storage");
        lie(
                lies,
                "two sizes",
                pickle().raw("(")
                        .storage("FloatStorage", "0", 4)
                        .storage("FloatStorage", "0", 3)
                        .raw("t"),
                "gives storage 0 12 bytes here and 16 there");
        lie(lies, "no elements", pickle().storage("FloatStorage", "0", Long.MAX_VALUE), "more than a file can hold");
        lie(lies, "float8", pickle().global("torch", "Float8_e4m3fnStorage"), "does not read");
        return lies.stream().map(PyTorchHostileTest::refused);
    }

    /** Small files that stand for very much: dictionaries in dictionaries, each of them twice. */
    @TestFactory
    Stream<DynamicTest> refusesWhatGrows() {
        List<Lie> lies = new ArrayList<>();
        PickleText dicts = pickle().raw("}q\0");
        PickleText tuples = pickle().raw(")q\0");
        for (int level = 0; level < 60; level++) {
            dicts.raw("}(").text("a").raw("h\0").text("b").raw("h\0uq\0");
            tuples.raw("h\0h\0\u0086q\0");
        }
        lie(lies, "2^60 empty dictionaries", dicts, "contains itself, or its parts more often");
        lie(lies, "2^60 empty tuples", tuples, "contains itself, or its parts more often");
        PickleText names = pickle().raw("}").text("n".repeat(900)).raw("q\1");
        names.tensor("FloatStorage", "0", 4, 0, new long[] {4}, new long[] {1}).raw("sq\0");
        for (int level = 0; level < 40; level++) {
            names.raw("}h\1h\0sq\0");
        }
        lie(lies, "a name of 36000 characters", names, "a name of more than 1000");
        PickleText type =
                pickle().global("torch._tensor", "_rebuild_from_type_v2").raw("q\0(h\0N(h\0N)Nt}tR");
        lie(lies, "rebuilding by itself", type, "makes a subclass of a tensor from something that is no tensor");
        return lies.stream().map(PyTorchHostileTest::refused);
    }

    @TestFactory
    Stream<DynamicTest> refusesArchives() {
        byte[] good = pickle().tensor("FloatStorage", "0", 4, 0, new long[] {4}, new long[] {1})
                .bytes();
        byte[] zip = TorchFiles.zip(good, SIXTEEN);
        assertEquals(4, TorchFiles.open(zip).get("tensor").elements());
        ByteBuffer view = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int end = zip.length - 22;
        int central = view.getInt(end + 16);
        List<Lie> lies = new ArrayList<>();
        lies.add(new Lie("no end", Arrays.copyOf(zip, zip.length - 1), "cut short"));
        lies.add(new Lie("entries", changed(zip, end + 10, 9), "entry 2 of its directory is missing"));
        lies.add(new Lie("start", changed(zip, end + 16, 0x7f), "is missing"));
        lies.add(new Lie("start beyond", changed(zip, end + 18, 0x7f), "does not lie within the file"));
        lies.add(new Lie("encrypted", changed(zip, central + 8, 1), "encrypted"));
        lies.add(new Lie("method", changed(zip, central + 10, 12), "packed by method 12"));
        lies.add(new Lie("size", changed(zip, central + 24, 1), "does not lie within the file"));
        lies.add(new Lie("local header", changed(zip, central + 42, 3), "is not where the directory says"));
        lies.add(new Lie("local name", changed(zip, 27, 0x7f), "does not lie within the file"));
        String both = "entries archive/data.pkl and archive/data/0 lie over each other";
        lies.add(new Lie("two entries of the same bytes", aliased(zip), both));
        byte[] longer = claim(zip.clone(), good.length + 1);
        longer[central + 20]++;
        lies.add(new Lie("an entry that ends in the next", longer, both));
        Map<String, byte[]> records = TorchFiles.records(good, SIXTEEN);
        records.put("other/data.pkl", good);
        lies.add(new Lie("two roots", TorchFiles.zip(records, ZipEntry.STORED), "2 files data.pkl"));
        lies.add(new Lie("a zip", TorchFiles.zip(Map.of("a.txt", SIXTEEN), ZipEntry.STORED), "0 files data.pkl"));
        records = TorchFiles.records(good, SIXTEEN);
        records.put("archive/constants.pkl", good);
        lies.add(new Lie("TorchScript", TorchFiles.zip(records, ZipEntry.STORED), "TorchScript"));
        records = TorchFiles.records(good, SIXTEEN);
        records.put("archive/byteorder", "middle\n".getBytes(StandardCharsets.UTF_8));
        lies.add(new Lie("byte order", TorchFiles.zip(records, ZipEntry.STORED), "byteorder is \"middle?\""));
        records = new LinkedHashMap<>();
        records.put("archive/data.pkl", new byte[4 << 20]);
        lies.add(
                new Lie("bomb", claim(TorchFiles.zip(records, ZipEntry.DEFLATED), 0x7fffffff), "more than 1073741824"));
        lies.add(new Lie("lie of a bomb", claim(TorchFiles.zip(records, ZipEntry.DEFLATED), 0x3fffffff), "is corrupt"));
        return lies.stream().map(PyTorchHostileTest::refused);
    }

    /** A directory whose first entry claims so many bytes when unpacked. */
    private static byte[] claim(byte[] zip, int size) {
        ByteBuffer view = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        view.putInt(view.getInt(zip.length - 22 + 16) + 24, size);
        return zip;
    }

    /** A directory whose second entry is where the first is. */
    private static byte[] aliased(byte[] zip) {
        ByteBuffer view = ByteBuffer.wrap(zip.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int first = view.getInt(zip.length - 22 + 16);
        int second = first + 46 + view.getShort(first + 28) + view.getShort(first + 30) + view.getShort(first + 32);
        view.put(second + 8, zip, first + 8, 20).putInt(second + 42, view.getInt(first + 42));
        return view.array();
    }

    private static byte[] changed(byte[] file, int at, int value) {
        byte[] copy = file.clone();
        copy[at] = (byte) value;
        return copy;
    }

    /** Values beside the weights do no harm, and are not looked into. */
    @Test
    void readsWhatTrainersPutBesideTheWeights() {
        PickleText pickle = pickle().raw("}(")
                .text("args")
                .global("argparse", "Namespace")
                .raw(")\u0081}(")
                .text("lr")
                .raw("K\u0001ub")
                .text("device")
                .global("torch", "device")
                .text("cuda")
                .raw("K\0\u0086R")
                .text("set")
                .global("builtins", "set")
                .raw("]\u0085R")
                .text("frozen")
                .raw("(K\u0001\u0091")
                .text("dtype")
                .global("torch", "bfloat16")
                .text("size")
                .global("torch", "Size")
                .raw("K\u0001K\u0002\u0086\u0085R")
                .text("model")
                .raw("}(")
                .text("w");
        pickle.tensor("FloatStorage", "0", 4, 1, new long[] {3}, new long[] {1}).raw("uu");
        try (Checkpoint read = TorchFiles.open(TorchFiles.zip(pickle.bytes(), SIXTEEN))) {
            assertEquals("[w]", read.names().toString());
            assertEquals(3, read.get("w").elements());
        }
    }

    private static PickleText pickle() {
        return new PickleText().raw("\u0080\u0002");
    }

    private static void lie(List<Lie> lies, String name, PickleText pickle, String expected) {
        lies.add(new Lie(name, TorchFiles.zip(pickle.bytes(), SIXTEEN), expected));
    }

    private static DynamicTest refused(Lie lie) {
        return DynamicTest.dynamicTest(lie.name, () -> {
            String message = assertThrows(InputRefused.class, () -> TorchFiles.open(lie.file))
                    .getMessage();
            assertTrue(message.startsWith("x.pth: "), message);
            assertTrue(message.contains(lie.expected), message);
            assertFalse(message.contains("\n"), message);
        });
    }
}
