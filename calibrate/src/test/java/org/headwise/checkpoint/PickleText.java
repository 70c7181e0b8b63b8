package org.headwise.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles by hand, opcode by opcode, so that tests can say what no pickler would. */
final class PickleText {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Opcodes and arguments as they are: characters up to 0xff, one byte each. */
    PickleText raw(String bytes) {
        out.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleText text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        raw("X");
        out.writeBytes(little(4).putInt(utf8.length).array());
        out.writeBytes(utf8);
        return this;
    }

    PickleText number(long value) {
        raw("\u008a\u0008");
        out.writeBytes(little(8).putLong(value).array());
        return this;
    }

    PickleText global(String module, String name) {
        return raw("c" + module + "\n" + name + "\n");
    }

    PickleText tuple(long... values) {
        raw("(");
        for (long value : values) {
            number(value);
        }
        return raw("t");
    }

    PickleText storage(String type, String key, long elements) {
        return raw("(").text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .number(elements)
                .raw("tQ");
    }

    /** A call of {@code _rebuild_tensor_v2}. */
    PickleText tensor(String type, String key, long elements, long offset, long[] shape, long[] strides) {
        return global("torch._utils", "_rebuild_tensor_v2")
                .raw("(")
                .storage(type, key, elements)
                .number(offset)
                .tuple(shape)
                .tuple(strides)
                .raw("\u0089Nt")
                .raw("R");
    }

    /** The pickle with STOP. */
    byte[] bytes() {
        return raw(".").out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
