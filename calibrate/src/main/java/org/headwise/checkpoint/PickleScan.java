package org.headwise.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.headwise.files.InputRefused;

/**
 * Steps over the opcodes of a pickle without building anything, before the pickle is read: every length lies within the
 * data, and their number and size are bounded, so that reading needs memory in proportion to the file and no more.
 */
final class PickleScan {
    /** A checkpoint needs about 25 opcodes for a tensor. */
    static final int MAX_OPCODES = 1 << 20;

    static final long MAX_BYTES = 32L << 20;

    private static final int MAX_LINE = 4096;
    private static final int MAX_INTEGER = 256;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String origin;
    private final MemorySegment data;
    private long at;

    private PickleScan(String origin, MemorySegment data, long at) {
        this.origin = origin;
        this.data = data;
        this.at = at;
    }

    /** The bytes of the pickle that begins at byte {@code from}, its STOP included. */
    static byte[] pickle(String origin, MemorySegment data, long from) {
        long end = new PickleScan(origin, data, from).end();
        return data.asSlice(from, end - from).toArray(ValueLayout.JAVA_BYTE);
    }

    private long end() {
        long limit = at + MAX_BYTES;
        for (int opcodes = 0; ; opcodes++) {
            if (opcodes == MAX_OPCODES || at > limit) {
                throw refuse("has more than " + MAX_OPCODES + " opcodes or " + MAX_BYTES
                        + " bytes, far more than the description of a model needs");
            }
            int opcode = data.get(ValueLayout.JAVA_BYTE, take(1)) & 0xff;
            if (opcode == '.') {
                return at;
            }
            argument(opcode);
        }
    }

    private void argument(int opcode) {
        switch (opcode) {
            case '(', '0', '1', '2', 'N', 'Q', 'R', 'a', 'b', 'd', '}', 'e', 'l', ']', 'o', 's', 't', ')', 'u' -> {}
            case 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94 -> {}
            case 'K', 'h', 'q', 0x80 -> take(1);
            case 'M' -> take(2);
            case 'J', 'j', 'r' -> take(4);
            case 'G', 0x95 -> take(8);
            case 'U', 'C', 0x8c -> take(data.get(ValueLayout.JAVA_BYTE, take(1)) & 0xff);
            case 'T', 'X', 'B' -> take(data.get(INT, take(4)));
            case 0x8d, 0x8e, 0x96 -> take(data.get(LONG, take(8)));
            case 0x8a -> integer(data.get(ValueLayout.JAVA_BYTE, take(1)) & 0xff);
            case 0x8b -> integer(data.get(INT, take(4)));
            case 'I', 'L', 'F', 'S', 'V', 'g', 'p', 'P' -> line();
            case 'c', 'i' -> {
                line();
                line();
            }
            default ->
                throw refuse(String.format(
                        "has the opcode 0x%02x at byte %d, which no checkpoint of PyTorch has", opcode, at - 1));
        }
    }

    private void integer(int length) {
        if (length > MAX_INTEGER) {
            throw refuse("has an integer of " + length + " bytes at byte " + at);
        }
        take(length);
    }

    /** Steps over bytes and returns where they begin. */
    private long take(long bytes) {
        if (bytes < 0 || bytes > data.byteSize() - at) {
            throw refuse("needs " + bytes + " bytes at byte " + at + ", but only " + (data.byteSize() - at)
                    + " are left; the file is cut short or corrupt");
        }
        long start = at;
        at += bytes;
        return start;
    }

    private void line() {
        long start = at;
        while (data.get(ValueLayout.JAVA_BYTE, take(1)) != '\n') {
            if (at - start > MAX_LINE) {
                throw refuse("has a line of more than " + MAX_LINE + " characters at byte " + start);
            }
        }
    }

    private InputRefused refuse(String problem) {
        return new InputRefused(origin + ": the pickle " + problem);
    }
}
