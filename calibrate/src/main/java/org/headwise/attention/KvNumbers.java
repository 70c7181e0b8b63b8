package org.headwise.attention;

import org.headwise.tensor.DType;

/** Keys or values in an array, as float32 or rounded to 16 bits. */
sealed interface KvNumbers {
    /** Stores numbers; those of float32 are used without copying. */
    static KvNumbers of(float[] numbers, DType type) {
        return switch (type) {
            case F32 -> new Full(numbers);
            case BF16 -> {
                short[] bits = new short[numbers.length];
                for (int i = 0; i < bits.length; i++) {
                    bits[i] = DType.toBf16(numbers[i]);
                }
                yield new Brain(bits);
            }
            case F16 -> {
                short[] bits = new short[numbers.length];
                for (int i = 0; i < bits.length; i++) {
                    bits[i] = Float.floatToFloat16(numbers[i]);
                }
                yield new Half(bits);
            }
            default -> throw new IllegalArgumentException("keys and values are F32, BF16 or F16, got " + type);
        };
    }

    int length();

    long bytes();

    /** Copies {@code count} numbers from {@code from} on as float32. */
    void copy(int from, int count, float[] into, int at);

    /** An array of {@code parts} runs, each of {@code one} numbers of this array and then {@code two} of the next. */
    KvNumbers interleaved(KvNumbers next, int parts, int one, int two);

    /** As float32. */
    record Full(float[] numbers) implements KvNumbers {
        @Override
        public int length() {
            return numbers.length;
        }

        @Override
        public long bytes() {
            return 4L * numbers.length;
        }

        @Override
        public void copy(int from, int count, float[] into, int at) {
            System.arraycopy(numbers, from, into, at, count);
        }

        @Override
        public KvNumbers interleaved(KvNumbers next, int parts, int one, int two) {
            float[] out = new float[parts * (one + two)];
            join(numbers, ((Full) next).numbers, parts, one, two, out);
            return new Full(out);
        }
    }

    /** As BF16. */
    record Brain(short[] bits) implements KvNumbers {
        @Override
        public int length() {
            return bits.length;
        }

        @Override
        public long bytes() {
            return 2L * bits.length;
        }

        @Override
        public void copy(int from, int count, float[] into, int at) {
            for (int i = 0; i < count; i++) {
                into[at + i] = DType.bf16(bits[from + i]);
            }
        }

        @Override
        public KvNumbers interleaved(KvNumbers next, int parts, int one, int two) {
            short[] out = new short[parts * (one + two)];
            join(bits, ((Brain) next).bits, parts, one, two, out);
            return new Brain(out);
        }
    }

    /** As float16. */
    record Half(short[] bits) implements KvNumbers {
        @Override
        public int length() {
            return bits.length;
        }

        @Override
        public long bytes() {
            return 2L * bits.length;
        }

        @Override
        public void copy(int from, int count, float[] into, int at) {
            for (int i = 0; i < count; i++) {
                into[at + i] = Float.float16ToFloat(bits[from + i]);
            }
        }

        @Override
        public KvNumbers interleaved(KvNumbers next, int parts, int one, int two) {
            short[] out = new short[parts * (one + two)];
            join(bits, ((Half) next).bits, parts, one, two, out);
            return new Half(out);
        }
    }

    private static void join(Object first, Object second, int parts, int one, int two, Object out) {
        for (int part = 0; part < parts; part++) {
            System.arraycopy(first, part * one, out, part * (one + two), one);
            System.arraycopy(second, part * two, out, part * (one + two) + one, two);
        }
    }
}
