package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    private static final String ONE = "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}";

    /** Every way a header can lie that the format's own attack list and its readers' bug reports name. */
    @TestFactory
    Stream<DynamicTest> refusesEveryLie() {
        String entry = "{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}";
        List<Lie> lies = new ArrayList<>();
        lies.add(new Lie("empty", new byte[0], "too few"));
        lies.add(new Lie("7 bytes", new byte[7], "too few"));
        lies.add(new Lie("length 0", bytes(0, "", 0), "must begin with '{'"));
        lies.add(new Lie("length beyond the file", bytes(1000, ONE, 16), "cut short"));
        lies.add(new Lie("length above 100 MB", bytes(100_000_001L, ONE, 16), "above the 100000000"));
        lies.add(new Lie("length 2^63", bytes(Long.MIN_VALUE, ONE, 16), "9223372036854775808 is above"));
        lies.add(new Lie("length -1", bytes(-1, ONE, 16), "18446744073709551615 is above"));
        byte[] notUtf8 = bytes(ONE, 16);
        notUtf8[10] = (byte) 0xff;
        lies.add(new Lie("not UTF-8", notUtf8, "not valid UTF-8"));
        lies.add(new Lie("not JSON", bytes("{w}", 0), "not valid JSON"));
        lies.add(new Lie("array root", bytes("[]", 0), "must begin with '{'"));
        lies.add(new Lie("number root", bytes("12", 0), "must begin with '{'"));
        lies.add(new Lie("null root", bytes("null", 0), "must begin with '{'"));
        lies.add(new Lie("leading space", bytes(" " + ONE, 16), "found byte 0x20"));
        lies.add(new Lie("byte order mark", bytes("\ufeff" + ONE, 16), "found byte 0xef"));
        lies.add(new Lie("leading NUL", bytes("\0" + ONE, 16), "found byte 0x00"));
        lies.add(new Lie("trailing NUL", bytes(ONE + "\0", 16), "not valid JSON"));
        lies.add(new Lie("text behind", bytes(ONE + "{}", 16), "text follows"));
        lies.add(new Lie("duplicate name", bytes("{\"w\":" + entry + ",\"w\":" + entry + "}", 16), "uplicate"));
        lies.add(new Lie("duplicate field", bytes(ONE.replace("[4],", "[4],\"shape\":[4],"), 16), "uplicate"));
        lies.add(new Lie("depth 10000", bytes("{\"w\":" + "[".repeat(10_000) + "}", 0), "is no JSON object"));
        lies.add(new Lie(
                "deep shape",
                bytes(ONE.replace("[4]", "[".repeat(10_000) + "]".repeat(10_000)), 16),
                "no whole number"));
        lies.add(new Lie("1 MB key", bytes(ONE.replace("w", "w".repeat(1 << 20)), 16), "not valid JSON"));
        lies.add(new Lie("metadata number", bytes("{\"__metadata__\":{\"a\":1}}", 0), "no string"));
        lies.add(new Lie("metadata nested", bytes("{\"__metadata__\":{\"a\":{}}}", 0), "no string"));
        lies.add(new Lie("metadata list", bytes("{\"__metadata__\":[]}", 0), "is no JSON object"));
        lies.add(new Lie("unknown dtype", bytes(ONE.replace("F32", "Q32"), 16), "unknown dtype \"Q32\""));
        lies.add(new Lie("dtype case", bytes(ONE.replace("F32", "f32"), 16), "unknown dtype \"f32\""));
        lies.add(new Lie("dtype of later versions", bytes(ONE.replace("F32", "U32"), 16), "does not read"));
        lies.add(new Lie("dtype number", bytes(ONE.replace("\"F32\"", "32"), 16), "dtype that is no string"));
        lies.add(new Lie("no shape", bytes(ONE.replace("\"shape\":[4],", ""), 16), "has no shape"));
        lies.add(new Lie("no dtype", bytes(ONE.replace("\"dtype\":\"F32\",", ""), 16), "has no dtype"));
        lies.add(new Lie("no offsets", bytes(ONE.replace(",\"data_offsets\":[0,16]", ""), 16), "has no data_offsets"));
        lies.add(new Lie("extra field", bytes(ONE.replace("[4],", "[4],\"x\":1,"), 16), "unknown field \"x\""));
        lies.add(new Lie("entry is a list", bytes("{\"w\":[]}", 0), "is no JSON object"));
        lies.add(new Lie("shape is a number", bytes(ONE.replace("[4]", "4"), 16), "is no list"));
        lies.add(new Lie("negative extent", bytes(ONE.replace("[4]", "[-4]"), 16), "outside 0"));
        lies.add(new Lie("float extent", bytes(ONE.replace("[4]", "[4.0]"), 16), "no whole number"));
        lies.add(new Lie("extent 2^31", bytes(ONE.replace("[4]", "[2147483648]"), 16), "needs 8589934592 bytes"));
        lies.add(new Lie("extent 2^63", bytes(ONE.replace("[4]", "[9223372036854775808]"), 16), "outside 0"));
        lies.add(new Lie(
                "extent of 500 digits", bytes(ONE.replace("[4]", "[" + "9".repeat(500) + "]"), 16), "outside 0"));
        lies.add(
                new Lie("product overflow", bytes(ONE.replace("[4]", "[4294967296,4294967296]"), 16), "more elements"));
        lies.add(new Lie(
                "overflow behind a zero", bytes(ONE.replace("[4]", "[0,4294967296,4294967296]"), 0), "more elements"));
        lies.add(new Lie("rank 65", bytes(ONE.replace("[4]", "[4" + ",1".repeat(64) + "]"), 16), "more than 64"));
        lies.add(new Lie("offsets reversed", bytes(ONE.replace("[0,16]", "[16,0]"), 16), "before it begins"));
        lies.add(new Lie("three offsets", bytes(ONE.replace("[0,16]", "[0,16,16]"), 16), "more than 2"));
        lies.add(new Lie("one offset", bytes(ONE.replace("[0,16]", "[16]"), 16), "expected 2"));
        lies.add(new Lie("negative offset", bytes(ONE.replace("[0,16]", "[-16,0]"), 16), "outside 0"));
        lies.add(new Lie("out of file", bytes(ONE, 12), "cut short"));
        lies.add(new Lie("size differs", bytes(ONE.replace("[4]", "[5]"), 16), "needs 20 bytes"));
        lies.add(new Lie("trailing bytes", bytes(ONE, 17), "1 bytes follow"));
        lies.add(new Lie("no tensors but data", bytes("{}", 4), "4 bytes follow"));
        String second = entry.replace("[0,16]", "[20,36]");
        lies.add(new Lie("hole", bytes("{\"w\":" + entry + ",\"v\":" + second + "}", 36), "no tensor owns"));
        lies.add(new Lie(
                "overlap",
                bytes("{\"w\":" + entry + ",\"v\":" + second.replace("[20,36]", "[8,24]") + "}", 24),
                "overlaps"));
        lies.add(new Lie("hole at the start", bytes("{\"v\":" + second + "}", 36), "no tensor owns"));
        return lies.stream()
                .map(lie -> DynamicTest.dynamicTest(lie.name, () -> {
                    InputRefused refused = assertThrows(InputRefused.class, () -> open(lie.file));
                    oneSentence(refused.getMessage());
                    assertTrue(refused.getMessage().startsWith("x.safetensors: "), refused.getMessage());
                    assertTrue(refused.getMessage().contains(lie.expected), refused.getMessage());
                }));
    }

    @TestFactory
    Stream<DynamicTest> refusesRecordedBadFiles() {
        Map<String, String> expected = Map.ofEntries(
                Map.entry("dtype", "unknown dtype"),
                Map.entry("header_len", "above the 100000000"),
                Map.entry("hole", "no tensor owns"),
                Map.entry("json", "not valid JSON"),
                Map.entry("negative", "outside 0"),
                Map.entry("order", "before it begins"),
                Map.entry("overflow", "more elements"),
                Map.entry("overlap", "overlaps"),
                Map.entry("range", "needs 16 bytes"),
                Map.entry("short", "too few"),
                Map.entry("size", "needs 20 bytes"),
                Map.entry("trailing", "4 bytes follow"));
        return expected.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    byte[] file = resource("/reference/safetensors/bad_st_" + e.getKey() + ".safetensors");
                    InputRefused refused = assertThrows(InputRefused.class, () -> open(file));
                    oneSentence(refused.getMessage());
                    assertTrue(refused.getMessage().contains(e.getValue()), refused.getMessage());
                }));
    }

    @Test
    void readsWhatTheFormatAllows() {
        assertTrue(open(bytes("{}", 0)).names().isEmpty());
        assertTrue(open(bytes("{}      ", 0)).names().isEmpty());
        Checkpoint scalar = open(bytes("{\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4));
        assertEquals(1, scalar.get("s").elements());
        Checkpoint empty = open(bytes(
                "{\"e\":{\"dtype\":\"I64\",\"shape\":[3,0],\"data_offsets\":[4,4]},\"s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                4));
        assertEquals(0, empty.get("e").elements());
        assertEquals(List.of("e", "s"), List.copyOf(empty.names()));
        assertEquals(
                "b",
                open(bytes("{\"__metadata__\":{\"a\":\"b\"}}", 0)).metadata().get("a"));
        assertThrows(InputRefused.class, () -> scalar.get("t"));
        // 0x0280 = 640 bytes of header: its first two bytes are also those of a pickle.
        byte[] likeAPickle = bytes("{}" + " ".repeat(638), 0);
        assertEquals(FileContent.SAFETENSORS, FileContent.of(likeAPickle, likeAPickle.length));
    }

    @Test
    void readsBackWhatWasWritten(@TempDir Path folder) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
            Map<String, double[]> values = new LinkedHashMap<>();
            for (int t = random.nextInt(9); t > 0; t--) {
                random(random, "tensor." + t + "\u00e9\"\\", tensors, values);
            }
            Map<String, String> metadata = round % 2 == 0 ? Map.of() : Map.of("note", "\u4f60\n" + seed);
            Path file = folder.resolve("round" + round + ".safetensors");
            SafetensorsWriter.write(file, tensors, metadata);
            try (Checkpoint read = Checkpoints.open(file)) {
                assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.names()), "seed " + seed);
                assertEquals(metadata, read.metadata());
                tensors.forEach((name, entry) -> {
                    StoredTensor stored = read.get(name);
                    assertEquals(entry.dtype(), stored.dtype(), "seed " + seed);
                    assertArrayEquals(entry.shape(), stored.shape(), "seed " + seed);
                    assertArrayEquals(values.get(name), stored.toDoubles(), "seed " + seed);
                });
            }
        }
    }

    @Test
    void headerIsPaddedToEightBytes(@TempDir Path folder) throws IOException {
        for (int n = 1; n < 10; n++) {
            Path file = folder.resolve("n.safetensors");
            SafetensorsWriter.write(
                    file, Map.of("w".repeat(n), SafetensorsWriter.Entry.f32(new float[] {n}, 1)), Map.of());
            byte[] all = Files.readAllBytes(file);
            long length = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
            assertEquals(0, length % 8);
            assertEquals(8 + length + 4, all.length);
        }
    }

    /** Whatever is done to a file, it is read or refused; nothing else may escape. */
    @Test
    void mutatedFilesAreReadOrRefused(@TempDir Path folder) throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
        for (int t = 0; t < 4; t++) {
            random(random, "t" + t, tensors, new LinkedHashMap<>());
        }
        Path file = folder.resolve("m.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of("k", "v"));
        byte[] good = Files.readAllBytes(file);
        int header = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong() + 8;
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = good.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(8) == 0 ? random.nextInt(8) : random.nextInt(header);
                bad[at] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) "0123456789{}[]\",:-.e ".charAt(random.nextInt(21));
            }
            if (random.nextInt(10) == 0) {
                bad = Arrays.copyOf(bad, random.nextInt(bad.length + 9));
            }
            try {
                Checkpoint read = open(bad);
                for (String name : read.names()) {
                    assertNotNull(read.get(name).toDoubles());
                }
            } catch (InputRefused e) {
                refused++;
                oneSentence(e.getMessage());
            } catch (RuntimeException e) {
                fail("seed " + seed + ", round " + round + ": " + e, e);
            }
        }
        assertTrue(refused > 5_000, "seed " + seed + ": only " + refused + " refused");
    }

    private static void random(
            Random random, String name, Map<String, SafetensorsWriter.Entry> tensors, Map<String, double[]> values) {
        int a = random.nextInt(5);
        int b = 1 + random.nextInt(20_000);
        DType[] types = {DType.F64, DType.F32, DType.BF16, DType.F16, DType.I32, DType.I64, DType.U8, DType.BOOL};
        DType type = types[random.nextInt(types.length)];
        double[] v = new double[a * b];
        float[] f = new float[v.length];
        int[] ints = new int[v.length];
        long[] longs = new long[v.length];
        byte[] u8 = new byte[v.length];
        boolean[] bool = new boolean[v.length];
        for (int i = 0; i < v.length; i++) {
            f[i] = (float) random.nextGaussian();
            ints[i] = random.nextInt();
            longs[i] = random.nextLong() >> 12;
            u8[i] = (byte) ints[i];
            bool[i] = ints[i] < 0;
            v[i] = switch (type) {
                case F64, F32 -> f[i];
                case BF16 -> DType.bf16(DType.toBf16(f[i]));
                case F16 -> Float.float16ToFloat(Float.floatToFloat16(f[i]));
                case I32 -> ints[i];
                case I64 -> longs[i];
                case U8 -> u8[i] & 0xff;
                default -> bool[i] ? 1 : 0;
            };
        }
        values.put(name, v);
        tensors.put(
                name,
                switch (type) {
                    case F64 -> SafetensorsWriter.Entry.f64(v, a, b);
                    case F32 -> SafetensorsWriter.Entry.f32(f, a, b);
                    case BF16 -> SafetensorsWriter.Entry.bf16(f, b, a);
                    case F16 -> SafetensorsWriter.Entry.f16(f, 1, a, b);
                    case I32 -> SafetensorsWriter.Entry.i32(ints, a, b);
                    case I64 -> SafetensorsWriter.Entry.i64(longs, a, b);
                    case U8 -> SafetensorsWriter.Entry.u8(u8, a * (long) b);
                    default -> SafetensorsWriter.Entry.bool(bool, a, b);
                });
    }

    private record Lie(String name, byte[] file, String expected) {}

    private static void oneSentence(String message) {
        assertFalse(message.contains("\n"), message);
        assertTrue(message.length() < 500, message);
    }

    private static Checkpoint open(byte[] file) {
        return SafetensorsReader.open("x.safetensors", MemorySegment.ofArray(file), null);
    }

    private static byte[] bytes(String header, int data) {
        return bytes(header.getBytes(StandardCharsets.UTF_8).length, header, data);
    }

    private static byte[] bytes(long length, String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(json)
                .array();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = SafetensorsTest.class.getResourceAsStream(name)) {
            assertNotNull(in, name);
            return in.readAllBytes();
        }
    }
}
