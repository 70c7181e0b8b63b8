package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.headwise.files.InputRefused;

/**
 * Weights [outputs, inputs] packed for the product kernels: panels of some outputs, in each panel one run of numbers per
 * input, the last panel filled up with zeros. They lie outside the Java heap and are released when nothing refers to the
 * matrix any more.
 *
 * <p>16-bit numbers are kept in pairs, so that one 32-bit load gives two vectors by shift and mask: of 2 * lanes
 * neighbouring outputs, pair i has output i in its low half and output lanes + i in its high half.
 */
public final class PackedMatrix implements Matrix {
    private final int outputs;
    private final int inputs;
    private final DType storage;
    private final int lanes;
    private final int panel;
    private final MemorySegment segment;

    PackedMatrix(int outputs, int inputs, DType storage, int lanes, int panel) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.storage = storage;
        this.lanes = lanes;
        this.panel = panel;
        this.segment = allocate((long) panels() * inputs * panel * storage.bytes());
    }

    private static MemorySegment allocate(long bytes) {
        try {
            return WeightMemory.allocate(bytes);
        } catch (OutOfMemoryError full) {
            throw new InputRefused(
                    "weights: there is no room for " + bytes + " more bytes outside the Java heap ("
                            + full.getMessage()
                            + "); choose a 16-bit storage type, or start Java with a larger -XX:MaxDirectMemorySize",
                    full);
        }
    }

    /** Whether the memory of a matrix of so many bytes counts against {@code -XX:MaxDirectMemorySize}. */
    public static boolean limitedByJava(long bytes) {
        return !WeightMemory.large(bytes);
    }

    /** Bytes of memory that a matrix of so many bytes takes: large ones take whole huge pages. */
    public static long memory(long bytes) {
        return WeightMemory.large(bytes) ? WeightMemory.wholePages(bytes) : bytes;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public DType storage() {
        return storage;
    }

    @Override
    public long bytes() {
        return segment.byteSize();
    }

    int lanes() {
        return lanes;
    }

    int panelWidth() {
        return panel;
    }

    int panels() {
        return (outputs + panel - 1) / panel;
    }

    MemorySegment segment() {
        return segment;
    }

    /** Byte position of the numbers of one input in one panel. */
    long at(int index, int input) {
        return ((long) index * inputs + input) * panel * storage.bytes();
    }

    /** Stores values [count inputs, panel] from {@code from} on, rounding to the storage type. */
    void store(int index, int from, int count, float[] values) {
        int size = count * panel;
        if (storage == DType.F32) {
            MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, at(index, from), size);
            return;
        }
        int[] pairs = new int[size / 2];
        for (int i = 0; i < pairs.length; i++) {
            int column = i / lanes * 2 * lanes + i % lanes;
            pairs[i] = narrow(values[column]) & 0xffff | narrow(values[column + lanes]) << 16;
        }
        MemorySegment.copy(pairs, 0, segment, ValueLayout.JAVA_INT, at(index, from), pairs.length);
    }

    /** As {@link #store} for 16-bit numbers that lie in the high halves of the values, bit by bit. */
    void storeBits(int index, int from, int count, float[] values) {
        int[] pairs = new int[count * panel / 2];
        for (int i = 0; i < pairs.length; i += lanes) {
            for (int lane = 0; lane < lanes; lane++) {
                int low = Float.floatToRawIntBits(values[2 * i + lane]);
                int high = Float.floatToRawIntBits(values[2 * i + lanes + lane]);
                pairs[i + lane] = low >>> 16 | high & 0xffff0000;
            }
        }
        MemorySegment.copy(pairs, 0, segment, ValueLayout.JAVA_INT, at(index, from), pairs.length);
    }

    private short narrow(float value) {
        return storage == DType.F16 ? Float.floatToFloat16(value) : DType.toBf16(value);
    }

    @Override
    public String toString() {
        return "Matrix[" + outputs + ", " + inputs + "] " + storage;
    }
}
