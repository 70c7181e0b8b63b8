package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionTest {
    @TempDir
    Path folder;

    @Test
    void keepsEveryTypeAndView() {
        Path out = folder.resolve("odd.safetensors");
        Conversion.Summary written = Conversion.convert(file("pth/pth_odd.pth"), out, null, Progress.NONE);
        assertEquals(new Conversion.Summary(22, 827), written);
        try (Checkpoint read = Checkpoints.open(out);
                Checkpoint expected = Checkpoints.open(file("pth/pth_odd_expected.safetensors"))) {
            assertEquals(expected.names().size(), read.names().size());
            for (String name : expected.names()) {
                assertEquals(expected.get(name).dtype(), read.get(name).dtype(), name);
                assertArrayEquals(expected.get(name).shape(), read.get(name).shape(), name);
                assertEquals(
                        -1, expected.get(name).bytes().mismatch(read.get(name).bytes()), name);
            }
            assertEquals("tiny", read.metadata().get("name"));
        }
    }

    /** The recorded weights are representable in BF16: PyTorch wrote the same numbers in both types. */
    @Test
    void convertsFloatingPointNumbersOnly() {
        Path out = folder.resolve("t5.safetensors");
        Conversion.convert(file("t5/t5_a_sharded/fp32_bin"), out, DType.BF16, Progress.NONE);
        try (Checkpoint read = Checkpoints.open(out);
                Checkpoint expected = Checkpoints.open(file("t5/t5_a_sharded/bf16_st"))) {
            for (String name : expected.names()) {
                assertEquals(DType.BF16, read.get(name).dtype());
                assertEquals(
                        -1, expected.get(name).bytes().mismatch(read.get(name).bytes()), name);
            }
        }
        Path f16 = folder.resolve("f16.safetensors");
        Path back = folder.resolve("f32.safetensors");
        Conversion.convert(file("pth/pth_odd.pth"), f16, DType.F16, Progress.NONE);
        Conversion.convert(f16, back, DType.F32, Progress.NONE);
        try (Checkpoint half = Checkpoints.open(f16);
                Checkpoint single = Checkpoints.open(back);
                Checkpoint original = Checkpoints.open(file("pth/pth_odd.pth"))) {
            assertEquals(DType.I64, half.get("i64").dtype());
            assertEquals(DType.BOOL, half.get("bool").dtype());
            float[] want = original.get("permuted").toFloats();
            float[] got = single.get("permuted").toFloats();
            for (int i = 0; i < want.length; i++) {
                assertEquals(Float.float16ToFloat(Float.floatToFloat16(want[i])), got[i]);
            }
        }
    }

    @Test
    void refusesNumbersThatDoNotFitAndLeavesNothing() throws Exception {
        Path in = folder.resolve("in.safetensors");
        Path out = folder.resolve("sub/out.safetensors");
        SafetensorsWriter.write(in, Map.of("w", SafetensorsWriter.Entry.f32(new float[] {1, 70_000}, 2)), Map.of());
        String message = assertThrows(InputRefused.class, () -> Conversion.convert(in, out, DType.F16, Progress.NONE))
                .getMessage();
        assertTrue(message.contains("tensor w holds 70000.0, which is too large for F16"), message);
        assertFalse(Files.exists(out));
        try (var left = Files.list(out.getParent())) {
            assertEquals(0, left.count());
        }
        assertThrows(InputRefused.class, () -> Conversion.convert(in, in, null, Progress.NONE));
        SafetensorsWriter.write(
                in,
                Map.of("w", SafetensorsWriter.Entry.f32(new float[] {Float.NaN, Float.NEGATIVE_INFINITY}, 2)),
                Map.of());
        Conversion.convert(in, out, DType.F16, Progress.NONE);
        try (Checkpoint read = Checkpoints.open(out)) {
            assertArrayEquals(
                    new float[] {Float.NaN, Float.NEGATIVE_INFINITY},
                    read.get("w").toFloats());
        }
    }

    private static Path file(String name) {
        try {
            return Path.of(
                    ConversionTest.class.getResource("/reference/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
