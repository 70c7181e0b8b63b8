package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Brings row-major weights into the panels of a {@link PackedMatrix}, a few rows at a time. */
final class Packing {
    private static final int DEPTH = 256;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Where the numbers come from: {@code count} of row {@code row} from input {@code from} on, to the start of a row. */
    interface Source {
        void read(int row, int from, int count, float[] into, int at);
    }

    private Packing() {}

    static Source of(float[] weight, int inputs) {
        return (row, from, count, into, at) ->
                System.arraycopy(weight, Math.toIntExact((long) row * inputs + from), into, at, count);
    }

    static Source of(MemorySegment weight, DType type, int inputs) {
        return (row, from, count, into, at) -> {
            long start = ((long) row * inputs + from) * type.bytes();
            if (type == DType.F32) {
                MemorySegment.copy(weight, FLOAT, start, into, at, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                short bits = weight.get(SHORT, start + 2L * i);
                into[at + i] = type == DType.F16 ? Float.float16ToFloat(bits) : DType.bf16(bits);
            }
        };
    }

    static void pack(Source source, PackedMatrix matrix, int panel, Kernels kernels) {
        int width = matrix.panelWidth();
        int rows = Math.min(width, matrix.outputs() - panel * width);
        int most = Math.min(DEPTH, matrix.inputs());
        float[] block = new float[rows * most];
        float[] turned = new float[most * width];
        for (int from = 0; from < matrix.inputs(); from += most) {
            int count = Math.min(most, matrix.inputs() - from);
            for (int r = 0; r < rows; r++) {
                source.read(panel * width + r, from, count, block, r * count);
            }
            kernels.transpose(block, 0, count, rows, count, turned, 0, width);
            matrix.store(panel, from, count, turned);
        }
    }
}
