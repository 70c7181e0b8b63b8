package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinearTest {
    private static final int[] ODD = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 15, 16, 17, 31, 33, 63, 64, 65, 71, 129};

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void agreesWithSumsInDoublePrecision(DType storage) {
        for (Engine engine : Cases.engines()) {
            try (engine) {
                Cases cases = Cases.fresh();
                for (int rows : ODD) {
                    check(
                            engine,
                            cases,
                            rows,
                            ODD[cases.upTo(ODD.length) - 1],
                            ODD[cases.upTo(ODD.length) - 1],
                            storage);
                }
                // More depth than one block, more rows than are multiplied in place, several panels.
                check(engine, cases, 67, 1100, 130, storage);
                check(engine, cases, 1, 513, 65, storage);
                for (int rows = 1; rows < 9; rows++) {
                    check(engine, cases, rows, 500 + cases.upTo(600), 64 * cases.upTo(5) + cases.upTo(64), storage);
                    // So many outputs that panels are taken together on three threads.
                    check(
                            engine,
                            cases,
                            rows,
                            100 + cases.upTo(600),
                            64 * (23 + cases.upTo(3)) + cases.upTo(64),
                            storage);
                }
                check(engine, cases, 9 + cases.upTo(12), 530, 1600, storage);
            }
        }
    }

    private static void check(Engine engine, Cases cases, int rows, int inputs, int outputs, DType storage) {
        Tensor x = cases.tensor(rows, inputs);
        float[] weight = cases.floats(outputs * inputs);
        float[] bias = cases.upTo(2) == 1 ? null : cases.floats(outputs);
        Matrix packed = engine.pack(weight, outputs, inputs, storage);
        double[] expected = new double[rows * outputs];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < outputs; o++) {
                double sum = bias == null ? 0 : bias[o];
                for (int k = 0; k < inputs; k++) {
                    sum += (double) x.data()[r * inputs + k] * stored(weight[o * inputs + k], storage);
                }
                expected[r * outputs + o] = sum;
            }
        }
        String what = engine.describe() + " " + rows + " x " + inputs + " x " + outputs + " " + storage;
        Tensor out = engine.linear(x, packed, bias);
        assertArrayEquals(new int[] {rows, outputs}, out.shape());
        cases.close(what, expected, out.data(), 2e-6 * inputs, 1e-6);
    }

    private static float stored(float value, DType storage) {
        return switch (storage) {
            case BF16 -> DType.bf16(DType.toBf16(value));
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            default -> value;
        };
    }

    @Test
    void aRowDoesNotDependOnItsNeighboursOrTheThreads() {
        Cases cases = Cases.fresh();
        try (Engine one = Engine.vector(1);
                Engine five = Engine.vector(5)) {
            for (DType storage : new DType[] {DType.F32, DType.BF16, DType.F16}) {
                int inputs = 700;
                Tensor x = cases.tensor(301, inputs);
                Matrix packed = one.pack(cases.floats(150 * inputs), 150, inputs, storage);
                float[] bias = cases.floats(150);
                float[] whole = one.linear(x, packed, bias).data();
                assertArrayEquals(whole, five.linear(x, packed, bias).data(), "seed " + cases.seed());
                for (int rows = 1; rows < 16; rows++) {
                    int first = cases.upTo(200);
                    float[] some = Arrays.copyOfRange(x.data(), first * inputs, (first + rows) * inputs);
                    assertArrayEquals(
                            Arrays.copyOfRange(whole, first * 150, (first + rows) * 150),
                            one.linear(Tensor.of(some, rows, inputs), packed, bias)
                                    .data(),
                            "seed " + cases.seed());
                }
            }
        }
    }

    @Test
    void severalProductsOfTheSameNumbersAreTheSameTogether() {
        Cases cases = Cases.fresh();
        for (Engine engine : Cases.engines()) {
            try (engine;
                    Arena arena = Arena.ofShared()) {
                int inputs = 600;
                MemorySegment zeros = arena.allocate(4L * 90 * inputs);
                Matrix[] weights = {
                    engine.pack(cases.floats(200 * inputs), 200, inputs, DType.BF16),
                    engine.pack(cases.floats(64 * inputs), 64, inputs, DType.F32),
                    engine.pack(cases.floats(777 * inputs), 777, inputs, DType.BF16),
                    engine.leave(zeros, DType.F32, 90, inputs)
                };
                for (int rows : new int[] {1, 2, 5, 150}) {
                    Tensor x = cases.tensor(rows, inputs);
                    for (int count = 1; count <= weights.length; count++) {
                        Tensor[] together = engine.linears(x, Arrays.copyOf(weights, count));
                        for (int i = 0; i < count; i++) {
                            assertArrayEquals(
                                    engine.linear(x, weights[i], null).data(),
                                    together[i].data(),
                                    engine.describe() + " weight " + i + " of " + count + ", seed " + cases.seed());
                        }
                    }
                }
            }
        }
    }

    @Test
    void packsMappedTensorsOfEveryTypeAsArrays() {
        Cases cases = Cases.fresh();
        int outputs = 137;
        int inputs = 2000;
        float[] weight = cases.floats(outputs * inputs);
        Tensor x = cases.tensor(3, inputs);
        for (Engine engine : Cases.engines()) {
            try (engine;
                    Arena arena = Arena.ofShared()) {
                for (DType source : new DType[] {DType.F32, DType.BF16, DType.F16}) {
                    float[] rounded = weight.clone();
                    // One byte off, since tensors in files are not aligned.
                    MemorySegment bytes = arena.allocate((long) weight.length * source.bytes() + 1)
                            .asSlice(1);
                    for (int i = 0; i < weight.length; i++) {
                        rounded[i] = stored(weight[i], source);
                        put(bytes, i, source, weight[i]);
                    }
                    Matrix array = engine.pack(rounded, outputs, inputs, DType.F32);
                    Matrix left = engine.leave(bytes, source, outputs, inputs);
                    for (int rows : new int[] {1, 3, 150}) {
                        Tensor some = cases.tensor(rows, inputs);
                        assertArrayEquals(
                                engine.linear(some, array, null).data(),
                                engine.linear(some, left, null).data(),
                                engine.describe() + " " + source + " left, seed " + cases.seed());
                    }
                    for (DType storage : new DType[] {DType.F32, source}) {
                        Matrix mapped = engine.pack(bytes, source, outputs, inputs, storage);
                        assertArrayEquals(
                                engine.linear(x, array, null).data(),
                                engine.linear(x, mapped, null).data(),
                                engine.describe() + " " + source + " as " + storage + ", seed " + cases.seed());
                    }
                }
            }
        }
    }

    private static void put(MemorySegment bytes, int i, DType type, float value) {
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        if (type == DType.F32) {
            bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(little), 4L * i, value);
        } else {
            short bits = type == DType.BF16 ? DType.toBf16(value) : Float.floatToFloat16(value);
            bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(little), 2L * i, bits);
        }
    }

    /** Every one of the 65536 numbers of float16 widens as Java itself widens it. */
    @Test
    void widensEveryHalf() {
        int rows = 256;
        for (Engine engine : Cases.engines()) {
            try (engine) {
                float[] all = new float[rows * 256];
                for (int i = 0; i < all.length; i++) {
                    all[i] = Float.float16ToFloat((short) i);
                }
                PackedMatrix packed = (PackedMatrix) engine.pack(all, rows, 256, DType.F16);
                PackedMatrix wide = (PackedMatrix) engine.pack(all, rows, 256, DType.F32);
                int panel = engine.kernels().panel();
                float[] ones = {1};
                float[] tile = new float[panel];
                for (int input = 0; input < 256; input++) {
                    for (int p = 0; p < packed.panels(); p++) {
                        float[] half = new float[panel];
                        float[] full = new float[panel];
                        engine.kernels()
                                .packedProduct(ones, 0, 1, 1, packed, p, 1, input, 1, tile, half, 0, panel, false);
                        engine.kernels()
                                .packedProduct(ones, 0, 1, 1, wide, p, 1, input, 1, tile, full, 0, panel, false);
                        assertArrayEquals(full, half, engine.describe());
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Engine engine = Engine.vector(1)) {
            Matrix w = engine.pack(new float[6], 2, 3, DType.F32);
            assertThrows(IllegalArgumentException.class, () -> engine.linear(Tensor.zeros(1, 4), w, null));
            assertThrows(IllegalArgumentException.class, () -> engine.linear(Tensor.zeros(1, 3), w, new float[3]));
            assertThrows(IllegalArgumentException.class, () -> engine.pack(new float[6], 2, 4, DType.F32));
            assertThrows(IllegalArgumentException.class, () -> engine.pack(new float[6], 2, 3, DType.I8));
            if (VectorSupport.missing().isEmpty()) {
                try (Engine scalar = Engine.scalar(1)) {
                    assertThrows(IllegalArgumentException.class, () -> scalar.linear(Tensor.zeros(1, 3), w, null));
                }
            }
        }
    }

    @Test
    void saysWhatItRunsOn() {
        try (Engine vector = Engine.vector(2);
                Engine scalar = Engine.scalar(1)) {
            String expected =
                    VectorSupport.missing().isEmpty() ? "vector \\d+-bit, 2 threads" : "scalar, 2 threads \\(slow: .*";
            assertTrue(vector.describe().matches(expected), vector.describe());
            assertEquals("scalar, 1 thread", scalar.describe());
        }
    }
}
