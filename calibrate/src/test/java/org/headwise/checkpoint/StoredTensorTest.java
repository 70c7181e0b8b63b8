package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.headwise.tensor.Cases;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredTensorTest {
    /** The largest finite numbers, and what follows them bit by bit. */
    private static final float[] LIMITS = {Float.MAX_VALUE, -Float.MAX_VALUE, 0f, -0f, Float.MIN_VALUE, 65504f};

    private static final float[] ODD = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void findsTheFirstNumberThatIsNotFinite(DType type) {
        Cases cases = Cases.fresh();
        for (int count = 0; count < 40; count++) {
            float[] numbers = cases.floats(count);
            for (int i = 0; i < count; i++) {
                if (cases.upTo(2) == 1) {
                    numbers[i] = LIMITS[cases.upTo(LIMITS.length) - 1];
                }
                if (type == DType.F16) {
                    numbers[i] = Math.clamp(numbers[i], -65504f, 65504f);
                } else if (type == DType.BF16) {
                    numbers[i] = Math.clamp(numbers[i], -0x1.fep127f, 0x1.fep127f);
                }
            }
            assertEquals(-1, tensor(type, numbers).firstNotFinite(), "seed " + cases.seed());
            for (int at = 0; at < count; at++) {
                float[] some = numbers.clone();
                some[at] = ODD[cases.upTo(ODD.length) - 1];
                some[count - 1] = at == count - 1 || cases.upTo(2) == 1 ? Float.NaN : some[count - 1];
                assertEquals(at, tensor(type, some).firstNotFinite(), count + " numbers, seed " + cases.seed());
                assertEquals(at, tensor(type, some).firstNotFiniteFloat());
            }
        }
    }

    @Test
    void wholeNumbersAreFiniteWhateverTheirBits() {
        byte[] ones = new byte[16];
        Arrays.fill(ones, (byte) -1);
        for (DType type : List.of(DType.I64, DType.I32, DType.I16, DType.I8, DType.U8, DType.BOOL)) {
            StoredTensor whole =
                    new StoredTensor("f", "t", type, new long[] {16 / type.bytes()}, MemorySegment.ofArray(ones));
            assertEquals(-1, whole.firstNotFinite(), type.name());
        }
    }

    @Test
    void findsWhatIsNotFiniteAmongDoubles() {
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            ByteBuffer bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
            for (double number : new double[] {Double.MAX_VALUE, -Double.MAX_VALUE, -0.0, 1e300, odd, odd}) {
                bytes.putDouble(number);
            }
            StoredTensor tensor =
                    new StoredTensor("f", "t", DType.F64, new long[] {2, 3}, MemorySegment.ofArray(bytes.array()));
            assertEquals(4, tensor.firstNotFinite());
            assertEquals("f: tensor t is " + odd + " at [1, 1]", tensor.problem(4));
        }
    }

    @Test
    void findsDoublesThatAreInfiniteAsFloats() {
        double justFits = Math.nextDown((double) Float.MAX_VALUE + 0x1p103);
        for (double odd : new double[] {1e39, -1e39, Math.nextUp(justFits), Double.NaN, Double.NEGATIVE_INFINITY}) {
            ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putDouble(Float.MAX_VALUE)
                    .putDouble(-justFits)
                    .putDouble(1e-300)
                    .putDouble(odd);
            StoredTensor tensor =
                    new StoredTensor("f", "t", DType.F64, new long[] {4}, MemorySegment.ofArray(bytes.array()));
            assertEquals(3, tensor.firstNotFiniteFloat());
            for (int i = 0; i < 4; i++) {
                assertEquals(i < 3, Float.isFinite(tensor.toFloats()[i]), odd + " at " + i);
            }
        }
    }

    /** Numbers read one by one and all at once are the same, and so they are after the pages were given back. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void readsTheSameBeforeAndAfterItsPagesAreReleased(DType type, @TempDir Path folder) {
        Cases cases = Cases.fresh();
        float[] numbers = cases.floats(200_000);
        Path file = folder.resolve("t.safetensors");
        SafetensorsWriter.Entry entry = switch (type) {
            case F32 -> SafetensorsWriter.Entry.f32(numbers, numbers.length);
            case BF16 -> SafetensorsWriter.Entry.bf16(numbers, numbers.length);
            default -> SafetensorsWriter.Entry.f16(numbers, numbers.length);
        };
        SafetensorsWriter.write(file, Map.of("t", entry), Map.of());
        try (Checkpoint read = Checkpoints.open(file)) {
            StoredTensor tensor = read.get("t");
            float[] all = tensor.toFloats();
            for (int i = 0; i < all.length; i++) {
                assertEquals((float) tensor.at(i), all[i], "number " + i + ", seed " + cases.seed());
            }
            tensor.release();
            assertArrayEquals(all, tensor.toFloats(), "seed " + cases.seed());
            int from = cases.upTo(1000);
            float[] some = tensor.toFloats(from, 500);
            for (int i = 0; i < some.length; i++) {
                assertEquals(all[from + i], some[i]);
            }
        }
    }

    private static StoredTensor tensor(DType type, float[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : numbers) {
            switch (type) {
                case F32 -> bytes.putFloat(number);
                case BF16 -> bytes.putShort(DType.toBf16(number));
                default -> bytes.putShort(Float.floatToFloat16(number));
            }
        }
        return new StoredTensor("f", "t", type, new long[] {numbers.length}, MemorySegment.ofArray(bytes.array()));
    }
}
