package org.headwise.schedules.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.headwise.tensor.Bf16;
import org.headwise.tensor.DType;

/** The number format in which a cache keeps keys and values. */
public enum Storage {
    F32(DType.F32) {
        @Override
        void store(float[] from, int at, int count, MemorySegment into, long offset) {
            MemorySegment.copy(from, at, into, ValueLayout.JAVA_FLOAT, offset, count);
        }

        @Override
        void load(MemorySegment from, long offset, int count, float[] into, int at) {
            MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, offset, into, at, count);
        }
    },
    BF16(DType.BF16) {
        @Override
        void store(float[] from, int at, int count, MemorySegment into, long offset) {
            for (int i = 0; i < count; i++) {
                into.set(ValueLayout.JAVA_SHORT, offset + 2L * i, DType.toBf16(from[at + i]));
            }
        }

        @Override
        void load(MemorySegment from, long offset, int count, float[] into, int at) {
            Bf16.load(from, offset, count, into, at);
        }
    },
    F16(DType.F16) {
        @Override
        void store(float[] from, int at, int count, MemorySegment into, long offset) {
            for (int i = 0; i < count; i++) {
                into.set(ValueLayout.JAVA_SHORT, offset + 2L * i, Float.floatToFloat16(from[at + i]));
            }
        }

        @Override
        void load(MemorySegment from, long offset, int count, float[] into, int at) {
            for (int i = 0; i < count; i++) {
                into[at + i] = Float.float16ToFloat(from.get(ValueLayout.JAVA_SHORT, offset + 2L * i));
            }
        }
    };

    private final DType type;

    Storage(DType type) {
        this.type = type;
    }

    /** Bytes of one number. */
    public int bytes() {
        return type.bytes();
    }

    /** Memory within the heap for so many bytes. */
    MemorySegment heap(long bytes) {
        int numbers = Math.toIntExact(bytes / bytes());
        return bytes() == Float.BYTES
                ? MemorySegment.ofArray(new float[numbers])
                : MemorySegment.ofArray(new short[numbers]);
    }

    abstract void store(float[] from, int at, int count, MemorySegment into, long offset);

    abstract void load(MemorySegment from, long offset, int count, float[] into, int at);
}
