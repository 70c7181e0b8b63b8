package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import org.headwise.files.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
    @TempDir
    private Path folder;

    /** Whatever byte of a record changes, that record is named, and no other. */
    @ParameterizedTest
    @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
    void aChangedByteIsFoundInItsRecord(int method) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, byte[]> records = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            // Of few values, so that deflating leaves something to unpack.
            byte[] bytes = new byte[i == 0 ? 0 : 1 + random.nextInt(3000)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) random.nextInt(4);
            }
            records.put("archive/data/" + i, bytes);
        }
        byte[] file = TorchFiles.zip(records, method);
        assertEquals(
                new ZipChecksums(6, 0, List.of()), ZipChecksums.of("x", MemorySegment.ofArray(file), Progress.NONE));
        Map<String, ZipDirectory.Entry> entries = ZipDirectory.read("x", MemorySegment.ofArray(file));
        for (int trial = 0; trial < 200; trial++) {
            String name = "archive/data/" + (1 + random.nextInt(5));
            MemorySegment bytes = entries.get(name).bytes();
            int at = (int) bytes.address() + random.nextInt((int) bytes.byteSize());
            byte[] changed = file.clone();
            changed[at] ^= (byte) (1 + random.nextInt(255));
            ZipChecksums found = ZipChecksums.of("x", MemorySegment.ofArray(changed), Progress.NONE);
            String where = "byte " + at + " of " + name + ", seed " + seed + ": " + found;
            if (found.problems().isEmpty() && method == ZipEntry.DEFLATED) {
                // The last bits of a deflated record may stand for nothing.
                assertTrue(at == bytes.address() + bytes.byteSize() - 1, where);
                continue;
            }
            assertEquals(5, found.matching(), where);
            assertEquals(1, found.problems().size(), where);
            assertTrue(found.problems().getFirst().startsWith("record " + name + " "), where);
        }
    }

    /** PyTorch with compute_crc32 = False writes 0 for all of them. */
    @Test
    void noChecksumIsNoDamage() {
        byte[] file = TorchFiles.zip(TorchFiles.records(new byte[] {1, 2, 3}, new byte[16]), ZipEntry.STORED);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < file.length - 46; at++) {
            if (bytes.getInt(at) == 0x02014b50) {
                bytes.putInt(at + 16, 0);
            }
        }
        assertEquals(
                new ZipChecksums(0, 2, List.of()), ZipChecksums.of("x", MemorySegment.ofArray(file), Progress.NONE));
    }

    @Test
    void countsWhatIsNotFiniteInEachTensor() {
        Path file = folder.resolve("t.safetensors");
        Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
        tensors.put("whole", SafetensorsWriter.Entry.i32(new int[] {-1, 7}, 2));
        tensors.put("fine", SafetensorsWriter.Entry.f32(new float[] {1, Float.MAX_VALUE}, 2));
        float[] odd = {1, 2, Float.NaN, Float.NEGATIVE_INFINITY, 5, Float.NaN};
        tensors.put("odd", SafetensorsWriter.Entry.bf16(odd, 2, 3));
        tensors.put("mask", SafetensorsWriter.Entry.f64(new double[] {0, Double.NEGATIVE_INFINITY}, 1, 2));
        SafetensorsWriter.write(file, tensors, Map.of());
        Verification found = Verification.of(file, Progress.NONE);
        assertEquals(
                new Verification(
                        new ZipChecksums(0, 0, List.of()),
                        4,
                        List.of(
                                new Verification.Odd("odd", 2, 1, 6, file + ": tensor odd is NaN at [0, 2]"),
                                new Verification.Odd("mask", 0, 1, 2, file + ": tensor mask is -Infinity at [0, 1]"))),
                found);
    }

    /** Files that PyTorch wrote are as they were written, in every layout, until one of their bytes changes. */
    @ParameterizedTest
    @ValueSource(strings = {"var/var_a.vae.pth", "llamagen/llamagen_c2i_a.pt"})
    void recordedFilesAreWhole(String resource) throws IOException {
        byte[] bytes;
        try (var stream = VerificationTest.class.getResourceAsStream("/reference/" + resource)) {
            bytes = stream.readAllBytes();
        }
        Path file = folder.resolve("x.pth");
        Files.write(file, bytes);
        Verification whole = Verification.of(file, Progress.NONE);
        assertEquals(List.of(), whole.checksums().problems());
        assertTrue(
                whole.checksums().matching() > whole.tensors()
                        && whole.checksums().without() == 0
                        && whole.tensors() > 10,
                whole.toString());
        Map<String, ZipDirectory.Entry> entries = ZipDirectory.read("x", MemorySegment.ofArray(bytes));
        String name = entries.keySet().stream()
                .filter(record -> record.contains("/data/"))
                .skip(3)
                .findFirst()
                .orElseThrow();
        bytes[(int) entries.get(name).bytes().address()] ^= 1;
        Files.write(file, bytes);
        Verification damaged = Verification.of(file, Progress.NONE);
        assertEquals(1, damaged.checksums().problems().size());
        assertTrue(
                damaged.checksums().problems().getFirst().startsWith(file + ": record " + name + " has the checksum "),
                damaged.toString());
        assertEquals(whole.checksums().matching() - 1, damaged.checksums().matching());
        assertEquals(whole.tensors(), damaged.tensors());
    }

    /** The pickle of one shard is damaged, so that the shards cannot be opened. */
    @Test
    void aDamagedShardIsNamed() throws IOException {
        Path index = folder.resolve("pytorch_model.bin.index.json");
        Files.writeString(index, "{\"weight_map\": {\"a\": \"1.bin\", \"b\": \"2.bin\", \"c\": \"none.bin\"}}");
        byte[] file = TorchFiles.zip(Map.of("archive/data.pkl", "no pickle".getBytes()), ZipEntry.STORED);
        Files.write(folder.resolve("1.bin"), file);
        file[
                (int) ZipDirectory.read("x", MemorySegment.ofArray(file))
                        .get("archive/data.pkl")
                        .bytes()
                        .address()] ^= 4;
        Files.write(folder.resolve("2.bin"), file);
        ZipChecksums found = ZipChecksums.of(index, Progress.NONE);
        assertEquals(1, found.matching());
        assertEquals(1, found.problems().size(), found.toString());
        assertTrue(
                found.problems().getFirst().startsWith(folder.resolve("2.bin") + ": record archive/data.pkl has"),
                found.toString());
        assertTrue(found.problems().getFirst().endsWith("; fetch the file again"), found.toString());
    }

    @Test
    void aFileThatIsCutShortIsDamaged() throws IOException {
        byte[] file = TorchFiles.zip(TorchFiles.records(new byte[] {1, 2, 3}, new byte[16]), ZipEntry.STORED);
        Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(file, file.length / 2));
        List<String> problems = ZipChecksums.of(cut, Progress.NONE).problems();
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().startsWith(cut + ": the zip file has no directory"), problems.toString());
        Path broken = Files.writeString(folder.resolve("x.index.json"), "{}");
        for (Path other : List.of(broken, folder, folder.resolve("none"))) {
            assertEquals(new ZipChecksums(0, 0, List.of()), ZipChecksums.of(other, Progress.NONE));
        }
    }

    /** Comparing checksums is half of the work: progress moves during it, too. */
    @Test
    void progressIsToldOfRecordsAndTensors() throws IOException {
        Path file = folder.resolve("x.pt");
        try (var stream = VerificationTest.class.getResourceAsStream("/reference/llamagen/llamagen_c2i_a.pt")) {
            Files.copy(stream, file);
        }
        List<String> told = new ArrayList<>();
        Verification.of(file, new Progress() {
            @Override
            public void start(String what, long units) {
                told.add(what + " " + units);
            }

            @Override
            public void step(long done) {
                told.add("" + done);
            }

            @Override
            public void finish() {
                told.add("finished");
            }
        });
        List<String> expected = new ArrayList<>();
        expected.add("comparing checksums 27");
        IntStream.rangeClosed(1, 27).forEach(i -> expected.add("" + i));
        expected.addAll(List.of("finished", "looking for NaN 25"));
        IntStream.rangeClosed(1, 25).forEach(i -> expected.add("" + i));
        expected.add("finished");
        assertEquals(expected, told);
    }
}
