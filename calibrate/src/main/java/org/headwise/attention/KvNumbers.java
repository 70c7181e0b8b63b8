package org.headwise.attention;

import java.util.List;
import java.util.function.Function;
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

    /**
     * One array of several of this type and length, each of which has {@code parts} parts: the first parts of all of them,
     * then the second parts, and so on.
     */
    KvNumbers joined(List<KvNumbers> pieces, int parts);

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
        public KvNumbers joined(List<KvNumbers> pieces, int parts) {
            float[] out = new float[pieces.size() * numbers.length];
            join(pieces, piece -> ((Full) piece).numbers, parts, numbers.length, out);
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
        public KvNumbers joined(List<KvNumbers> pieces, int parts) {
            short[] out = new short[pieces.size() * bits.length];
            join(pieces, piece -> ((Brain) piece).bits, parts, bits.length, out);
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
        public KvNumbers joined(List<KvNumbers> pieces, int parts) {
            short[] out = new short[pieces.size() * bits.length];
            join(pieces, piece -> ((Half) piece).bits, parts, bits.length, out);
            return new Half(out);
        }
    }

    private static void join(
            List<KvNumbers> pieces, Function<KvNumbers, Object> array, int parts, int length, Object out) {
        int each = length / parts;
        for (int i = 0; i < pieces.size(); i++) {
            Object piece = array.apply(pieces.get(i));
            for (int part = 0; part < parts; part++) {
                System.arraycopy(piece, part * each, out, (part * pieces.size() + i) * each, each);
            }
        }
    }
}
