package org.headwise.synth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.Inspection;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Progress;
import org.headwise.files.Sha256;
import org.headwise.model.Generation;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticModelTest {
    private static final List<DType> TYPES = List.of(DType.BF16, DType.F16, DType.F32);

    private static SyntheticModel infinity(boolean patchify) {
        InfinityVaeLayout vae = new InfinityVaeLayout(patchify ? 4 : 8, patchify ? 2 : 4, 32, List.of(1, 2, 1), 1);
        return new InfinityFolder(
                        new InfinityLayout(5, 96, 3, 2, patchify ? 16 : 8, 256, 32),
                        vae,
                        new T5Layout(2, 256, 4, 16, 320, 48, 32),
                        patchify,
                        "0.06M",
                        patchify ? 2 : 1,
                        4,
                        0.5)
                .model("a small Infinity", "");
    }

    private static SyntheticModel janus() {
        VqLayout image = new VqLayout("gen_vision_model.", 32, List.of(1, 2), 1, 16, 64, 8);
        return new JanusFolder(new JanusLayout(3, 64, 4, 176, 320, image), 2, 4).model("a small Janus", "");
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void modelsOfAllFamiliesDraw(DType dtype, @TempDir Path folder) throws IOException {
        int side = 0;
        for (SyntheticModel model : List.of(infinity(false), infinity(true), janus())) {
            Path out = folder.resolve("model" + side++);
            model.write(out, dtype, 7, Progress.NONE);
            Inspection inspection = Inspection.of(out);
            assertEquals(List.of(), inspection.missing(), inspection.toString());
            assertEquals(List.of(), inspection.refused());
            assertEquals(
                    model.bytes(dtype),
                    inspection.parts().stream()
                            .mapToLong(Inspection.Part::bytes)
                            .sum());
            for (Inspection.Part part : inspection.parts()) {
                assertEquals(Set.of(dtype), part.types().keySet());
                assertTrue(part.note().contains("random weights in the shapes of " + model.name()), part.note());
            }
            try (Engine engine = Engine.vector(2);
                    ImageModel opened = Models.open(out, engine, dtype);
                    FullCache cache = new FullCache()) {
                Request request = Request.of(List.of("a large red circle"), List.of(3L), opened.sampling());
                Generation generation = opened.generate(request.keepingLogits(), cache, null);
                assertEquals(
                        opened.geometry().steps().size(), generation.logits().size());
                byte[] pixels = generation.images().getFirst().rgb();
                assertTrue(
                        IntStream.range(0, pixels.length).anyMatch(i -> pixels[i] != pixels[0]), "all of one colour");
            }
        }
    }

    /** Weights that stay in the file give the numbers of those that are copied out of it, to the bit. */
    @Test
    void modelsDrawTheSameFromTheirFiles(@TempDir Path folder) {
        int number = 0;
        for (SyntheticModel model : List.of(infinity(true), janus())) {
            for (DType dtype : number == 0 ? List.of(DType.BF16) : TYPES) {
                Path out = folder.resolve("model" + number++);
                model.write(out, dtype, 11, Progress.NONE);
                List<float[]> packed = logits(out, DType.F32);
                List<float[]> left = logits(out, null);
                assertEquals(packed.size(), left.size());
                for (int step = 0; step < packed.size(); step++) {
                    assertArrayEquals(packed.get(step), left.get(step), model.name() + " " + dtype + ", step " + step);
                }
            }
        }
    }

    private static List<float[]> logits(Path folder, DType storage) {
        try (Engine engine = Engine.vector(2);
                ImageModel opened = Models.open(folder, engine, storage);
                FullCache cache = new FullCache()) {
            Request request = Request.of(List.of("a blue square", "a red circle"), List.of(3L, 4L), opened.sampling());
            return opened.generate(request.keepingLogits(), cache, null).logits();
        }
    }

    @Test
    void theSameSeedGivesTheSameBytes(@TempDir Path folder) throws IOException {
        janus().write(folder.resolve("a"), DType.BF16, 1, Progress.NONE);
        janus().write(folder.resolve("b"), DType.BF16, 1, Progress.NONE);
        janus().write(folder.resolve("c"), DType.BF16, 2, Progress.NONE);
        Map<String, String> a = digests(folder.resolve("a"));
        assertEquals(5, a.size(), a.toString());
        assertEquals(a, digests(folder.resolve("b")));
        assertNotEquals(a, digests(folder.resolve("c")));
    }

    /** The numbers of a seed do not depend on the type, but for rounding, and have the mean and deviation that they should. */
    @Test
    void numbersAreRoundedOnlyAndOfTheDeviationWanted(@TempDir Path folder) {
        SyntheticTensor tensor = new SyntheticTensor("x", new long[] {100, 1000}, 2, 0.25f);
        float[][] read = new float[TYPES.size()][];
        for (int i = 0; i < read.length; i++) {
            SyntheticPart part = new SyntheticPart("", TYPES.get(i).name(), 1, List.of(tensor));
            part.write(folder, TYPES.get(i), 5, Map.of("made", "up"), Progress.NONE, 0);
            try (Checkpoint file = Checkpoints.open(folder.resolve(TYPES.get(i) + ".safetensors"))) {
                read[i] = file.get("x").expect(100, 1000).toFloats();
                assertEquals("up", file.metadata().get("made"));
            }
        }
        float[] exact = read[2];
        float[] rounded = new float[exact.length];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < exact.length; i++) {
            rounded[i] = DType.bf16(DType.toBf16(exact[i]));
            sum += exact[i];
            squares += Math.pow(exact[i] - 2, 2);
        }
        assertArrayEquals(rounded, read[0]);
        for (int i = 0; i < exact.length; i++) {
            rounded[i] = Float.float16ToFloat(Float.floatToFloat16(exact[i]));
        }
        assertArrayEquals(rounded, read[1]);
        // Five standard errors of a sample of 100,000.
        assertEquals(2, sum / exact.length, 5 * 0.25 / Math.sqrt(exact.length));
        assertEquals(0.25, Math.sqrt(squares / exact.length), 5 * 0.25 / Math.sqrt(2.0 * exact.length));
    }

    @Test
    void configurationsSayThatTheyAreSynthetic(@TempDir Path folder) {
        infinity(true).write(folder, DType.F16, 9, Progress.NONE);
        for (String file : List.of("config.json", "text_encoder/config.json")) {
            var mark = Json.read(folder.resolve(file)).get(SyntheticModel.MARK);
            assertEquals(9, mark.get("seed").asLong());
            assertTrue(mark.get("note").asString().contains("pictures are noise"));
        }
    }

    @Test
    void foldersInUseAndFullDisksAreRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "x");
        String used = assertThrows(InputRefused.class, () -> janus().write(folder, DType.BF16, 1, Progress.NONE))
                .getMessage();
        assertTrue(used.contains("mine.txt"), used);
        Path file = folder.resolve("mine.txt");
        assertThrows(InputRefused.class, () -> janus().write(file, DType.BF16, 1, Progress.NONE));
        SyntheticTensor huge = SyntheticTensor.zeros("huge", 1L << 30, 1L << 20);
        SyntheticModel model = new SyntheticModel(
                "huge", "", List.of(new SyntheticPart("", "huge", 1, List.of(huge))), Map.of(), Map.of());
        Path out = folder.resolve("out");
        String full = assertThrows(InputRefused.class, () -> model.write(out, DType.BF16, 1, Progress.NONE))
                .getMessage();
        assertTrue(full.contains("2,251,799,813,685,248 bytes"), full);
        assertTrue(Files.notExists(out));
    }

    private static Map<String, String> digests(Path folder) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> digests.put(folder.relativize(file).toString(), Sha256.of(file)));
        }
        return digests;
    }
}
