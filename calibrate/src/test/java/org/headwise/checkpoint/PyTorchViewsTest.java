package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.Test;

/** Random views of storages, in both byte orders, against the definition: element [i, j, ...] lies at offset + i*s + j*t + ... */
class PyTorchViewsTest {
    private static final Map<DType, String> TYPES = Map.of(
            DType.F64,
            "DoubleStorage",
            DType.F32,
            "FloatStorage",
            DType.I64,
            "LongStorage",
            DType.I32,
            "IntStorage",
            DType.I16,
            "ShortStorage",
            DType.I8,
            "CharStorage");

    @Test
    void viewsAreReadByTheirDefinition() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            check(random, "seed " + seed + ", round " + round);
        }
    }

    private static void check(Random random, String place) {
        DType type = TYPES.keySet().stream().sorted().toList().get(random.nextInt(TYPES.size()));
        long[] shape = random.longs(random.nextInt(5), 0, 6).toArray();
        long[] strides = random.longs(shape.length, 0, 9).toArray();
        if (random.nextInt(3) == 0) {
            rowMajor(shape, strides);
        }
        long offset = random.nextInt(7);
        long last = offset;
        for (int axis = 0; axis < shape.length; axis++) {
            last += Math.max(0, shape[axis] - 1) * strides[axis];
        }
        int elements = (int) last + 1 + random.nextInt(3);
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        double[] values = random.ints(elements, -100, 100).asDoubleStream().toArray();
        Map<String, byte[]> records = TorchFiles.records(
                new PickleText()
                        .raw("\u0080\u0002}")
                        .text("w")
                        .tensor(TYPES.get(type), "0", elements, offset, shape, strides)
                        .raw("s")
                        .bytes(),
                bytes(type, values, order));
        records.put(
                "archive/byteorder",
                (order == ByteOrder.BIG_ENDIAN ? "big" : "little").getBytes(StandardCharsets.UTF_8));
        int method = random.nextInt(4) == 0 ? ZipEntry.DEFLATED : ZipEntry.STORED;
        try (Checkpoint read = TorchFiles.open(TorchFiles.zip(records, method))) {
            StoredTensor got = read.get("w");
            assertEquals(type, got.dtype(), place);
            assertArrayEquals(shape, got.shape(), place);
            assertArrayEquals(view(values, (int) offset, shape, strides), got.toDoubles(), place);
        }
    }

    private static void rowMajor(long[] shape, long[] strides) {
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(1, shape[axis]);
        }
    }

    private static double[] view(double[] values, int offset, long[] shape, long[] strides) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] out = new double[count];
        for (int i = 0; i < count; i++) {
            long rest = i;
            long at = offset;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += rest % shape[axis] * strides[axis];
                rest /= shape[axis];
            }
            out[i] = values[(int) at];
        }
        return out;
    }

    private static byte[] bytes(DType type, double[] values, ByteOrder order) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * type.bytes()).order(order);
        for (double value : values) {
            switch (type) {
                case F64 -> buffer.putDouble(value);
                case F32 -> buffer.putFloat((float) value);
                case I64 -> buffer.putLong((long) value);
                case I32 -> buffer.putInt((int) value);
                case I16 -> buffer.putShort((short) value);
                default -> buffer.put((byte) value);
            }
        }
        return buffer.array();
    }

    /** Row-major little-endian tensors are where the file has them: two of one storage share its bytes. */
    @Test
    void plainTensorsAreNotCopied() {
        PickleText pickle = new PickleText().raw("\u0080\u0002}(").text("a");
        pickle.tensor("FloatStorage", "0", 8, 0, new long[] {2, 4}, new long[] {4, 1})
                .text("b");
        pickle.tensor("FloatStorage", "0", 8, 4, new long[] {4}, new long[] {1}).text("t");
        pickle.tensor("FloatStorage", "0", 8, 0, new long[] {4, 2}, new long[] {1, 4})
                .raw("u");
        try (Checkpoint read = TorchFiles.open(TorchFiles.zip(pickle.bytes(), new byte[32]))) {
            assertEquals("[a, b, t]", read.names().toString());
            assertEquals(
                    read.get("a").bytes().address() + 16, read.get("b").bytes().address());
            assertTrue(read.get("t")
                    .bytes()
                    .asOverlappingSlice(read.get("a").bytes())
                    .isEmpty());
        }
    }
}
