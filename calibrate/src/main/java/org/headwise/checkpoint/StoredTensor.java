package org.headwise.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;
import org.headwise.tensor.Tensor;

/**
 * A tensor as it lies in a checkpoint file: named, typed, still mapped.
 *
 * @param origin the file, for messages
 * @param bytes little-endian, row-major, valid as long as the checkpoint is open
 */
public record StoredTensor(String origin, String name, DType dtype, long[] shape, MemorySegment bytes) {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public long elements() {
        return bytes.byteSize() / dtype.bytes();
    }

    /** All elements as float32; integers and booleans are converted. */
    public float[] toFloats() {
        return toFloats(0, count());
    }

    /** Some consecutive elements as float32, without touching the others. */
    public float[] toFloats(long from, int count) {
        Objects.checkFromIndexSize(from, count, elements());
        float[] out = new float[count];
        switch (dtype) {
            case F32 -> MemorySegment.copy(bytes, FLOAT, from * 4, out, 0, count);
            case BF16, F16 -> {
                short[] bits = new short[count];
                MemorySegment.copy(bytes, SHORT, from * 2, bits, 0, count);
                for (int i = 0; i < count; i++) {
                    out[i] = dtype == DType.BF16 ? DType.bf16(bits[i]) : Float.float16ToFloat(bits[i]);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    out[i] = (float) at(from + i);
                }
            }
        }
        return out;
    }

    /**
     * Looks through a tensor where it lies.
     *
     * @return the index of the first NaN or infinity in row-major order, or -1
     */
    public long firstNotFinite() {
        long exponents = switch (dtype) {
            case F64 -> 0x7ff0000000000000L;
            case F32 -> 0x7f8000007f800000L;
            case BF16 -> 0x7f807f807f807f80L;
            case F16 -> 0x7c007c007c007c00L;
            default -> 0;
        };
        if (exponents == 0) {
            return -1;
        }
        // The lowest bit of an exponent, added to it, carries into the sign only if all of its bits are set.
        long lowest = exponents & ~(exponents << 1);
        long signs = exponents + lowest;
        long words = bytes.byteSize() / 8;
        for (long word = 0; word < words; word++) {
            if (((bytes.get(LONG, word * 8) & exponents) + lowest & signs) != 0) {
                return firstNotFinite(word * 8 / dtype.bytes());
            }
        }
        return firstNotFinite(words * 8 / dtype.bytes());
    }

    /** The index of the first number that is NaN or infinite as float32, or -1: float64 reaches further. */
    public long firstNotFiniteFloat() {
        if (dtype != DType.F64) {
            return firstNotFinite();
        }
        for (long i = 0; i < elements(); i++) {
            if (!Float.isFinite((float) at(i))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Names one element that cannot be: "FILE: tensor NAME is NaN at [3, 17]", or "is 1.0E39, infinite as float32, at
     * [3, 17]".
     */
    public String problem(long index) {
        long[] place = new long[shape.length];
        long rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        double value = at(index);
        return origin + ": tensor " + Names.shown(name) + " is " + value
                + (Double.isFinite(value) ? ", infinite as float32, at " : " at ") + Arrays.toString(place);
    }

    private long firstNotFinite(long from) {
        for (long i = from; i < elements(); i++) {
            if (!Double.isFinite(at(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Gives the memory of a mapped tensor back to the system; the next use reads the file again. */
    public void release() {
        MappedPages.release(bytes);
    }

    public double[] toDoubles() {
        double[] out = new double[count()];
        for (int i = 0; i < out.length; i++) {
            out[i] = at(i);
        }
        return out;
    }

    /** All elements of an integer or boolean tensor. */
    public int[] toInts() {
        int[] out = new int[count()];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.toIntExact((long) at(i));
        }
        return out;
    }

    /** As an activation of the same shape. */
    public Tensor toTensor() {
        int[] dims = new int[shape.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Math.toIntExact(shape[i]);
        }
        return Tensor.of(toFloats(), dims);
    }

    /** This tensor if it has that shape; otherwise it is refused. */
    public StoredTensor expect(long... wanted) {
        if (!Arrays.equals(shape, wanted)) {
            throw new InputRefused(origin + ": tensor " + name + " has shape " + Arrays.toString(shape) + ", expected "
                    + Arrays.toString(wanted));
        }
        return this;
    }

    private int count() {
        if (elements() > Integer.MAX_VALUE - 16) {
            throw new InputRefused(
                    origin + ": tensor " + name + " has " + elements() + " elements, too many for an array");
        }
        return (int) elements();
    }

    /** Element {@code i} in row-major order. */
    double at(long i) {
        return switch (dtype) {
            case F64 -> Double.longBitsToDouble(bytes.get(LONG, i * 8));
            case F32 -> Float.intBitsToFloat(bytes.get(INT, i * 4));
            case F16 -> Float.float16ToFloat(bytes.get(SHORT, i * 2));
            case BF16 -> DType.bf16(bytes.get(SHORT, i * 2));
            case I64 -> bytes.get(LONG, i * 8);
            case I32 -> bytes.get(INT, i * 4);
            case I16 -> bytes.get(SHORT, i * 2);
            case I8 -> bytes.get(ValueLayout.JAVA_BYTE, i);
            case U8 -> bytes.get(ValueLayout.JAVA_BYTE, i) & 0xff;
            case BOOL -> bytes.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
        };
    }
}
