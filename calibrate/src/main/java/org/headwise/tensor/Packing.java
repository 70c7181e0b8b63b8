package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Brings row-major weights into panels, a few rows at a time. */
final class Packing {
    private static final int DEPTH = 256;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Where the numbers come from. */
    interface Source {
        /** Writes {@code count} numbers of row {@code row} from input {@code from} on to {@code into} at {@code at}. */
        void read(int row, int from, int count, float[] into, int at);

        /**
         * A source of the same numbers bit by bit, each in the high half of a float, if they are of this 16-bit type:
         * for storing them without rounding again. Null if they are not.
         */
        default Source bits(DType storage) {
            return null;
        }
    }

    private Packing() {}

    static Source of(float[] weight, int inputs) {
        return (row, from, count, into, at) ->
                System.arraycopy(weight, Math.toIntExact((long) row * inputs + from), into, at, count);
    }

    static Stored of(MemorySegment weight, DType type, int inputs) {
        return new Stored(weight, type, inputs);
    }

    /** Row-major F32, BF16 or F16, little-endian. */
    record Stored(MemorySegment weight, DType type, int inputs) implements Source {
        @Override
        public void read(int row, int from, int count, float[] into, int at) {
            long start = ((long) row * inputs + from) * type.bytes();
            if (type == DType.F32) {
                MemorySegment.copy(weight, FLOAT, start, into, at, count);
                return;
            }
            short[] bits = new short[count];
            MemorySegment.copy(weight, SHORT, start, bits, 0, count);
            if (type == DType.F16) {
                for (int i = 0; i < count; i++) {
                    into[at + i] = Float.float16ToFloat(bits[i]);
                }
            } else {
                for (int i = 0; i < count; i++) {
                    into[at + i] = Float.intBitsToFloat(bits[i] << 16);
                }
            }
        }

        @Override
        public Source bits(DType storage) {
            return type == storage && type != DType.F32 ? new Stored(weight, DType.BF16, inputs) : null;
        }
    }

    /** Fills one panel of a matrix. */
    static void pack(Source source, PackedMatrix matrix, int panel, Kernels kernels) {
        Source bits = source.bits(matrix.storage());
        int width = matrix.panelWidth();
        int rows = Math.min(width, matrix.outputs() - panel * width);
        int most = Math.min(DEPTH, matrix.inputs());
        float[] block = new float[rows * most];
        float[] turned = new float[most * width];
        for (int from = 0; from < matrix.inputs(); from += most) {
            int count = Math.min(most, matrix.inputs() - from);
            turn(bits == null ? source : bits, panel * width, rows, from, count, block, turned, width, kernels);
            if (bits == null) {
                matrix.store(panel, from, count, turned);
            } else {
                matrix.storeBits(panel, from, count, turned);
            }
        }
    }

    /** Writes inputs [{@code from}, {@code from + count}) of {@code rows} rows as [count, width] to {@code turned}. */
    static void turn(
            Source source,
            int row,
            int rows,
            int from,
            int count,
            float[] block,
            float[] turned,
            int width,
            Kernels kernels) {
        for (int r = 0; r < rows; r++) {
            source.read(row + r, from, count, block, r * count);
        }
        kernels.transpose(block, 0, count, rows, count, turned, 0, width);
    }
}
