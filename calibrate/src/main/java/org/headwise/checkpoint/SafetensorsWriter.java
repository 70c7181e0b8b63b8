package org.headwise.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.headwise.files.AtomicFile;
import org.headwise.files.Json;
import org.headwise.tensor.DType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes safetensors files: tensors in the order given, header padded with blanks so that the data begin at a multiple of 8. */
public final class SafetensorsWriter {
    private static final int CHUNK = 1 << 16;

    private SafetensorsWriter() {}

    /** Puts element {@code index} of a tensor, in the bytes of its type, into the buffer. */
    @FunctionalInterface
    public interface Elements {
        void put(ByteBuffer into, int index);
    }

    /**
     * A tensor to write.
     *
     * @param shape extents; no extents make a single number
     * @param elements gives the elements in row-major order
     */
    public record Entry(DType dtype, long[] shape, Elements elements) {
        /** Float64 tensor. */
        public static Entry f64(double[] data, long... shape) {
            return sized(DType.F64, data.length, shape, (into, i) -> into.putDouble(data[i]));
        }

        /** Float32 tensor. */
        public static Entry f32(float[] data, long... shape) {
            return sized(DType.F32, data.length, shape, (into, i) -> into.putFloat(data[i]));
        }

        /** BF16 tensor, every number rounded to the nearest. */
        public static Entry bf16(float[] data, long... shape) {
            return sized(DType.BF16, data.length, shape, (into, i) -> into.putShort(DType.toBf16(data[i])));
        }

        /** Float16 tensor, every number rounded to the nearest. */
        public static Entry f16(float[] data, long... shape) {
            return sized(DType.F16, data.length, shape, (into, i) -> into.putShort(Float.floatToFloat16(data[i])));
        }

        /** Int32 tensor. */
        public static Entry i32(int[] data, long... shape) {
            return sized(DType.I32, data.length, shape, (into, i) -> into.putInt(data[i]));
        }

        /** Int64 tensor. */
        public static Entry i64(long[] data, long... shape) {
            return sized(DType.I64, data.length, shape, (into, i) -> into.putLong(data[i]));
        }

        /** Tensor of unsigned bytes. */
        public static Entry u8(byte[] data, long... shape) {
            return sized(DType.U8, data.length, shape, (into, i) -> into.put(data[i]));
        }

        /** Boolean tensor. */
        public static Entry bool(boolean[] data, long... shape) {
            return sized(DType.BOOL, data.length, shape, (into, i) -> into.put((byte) (data[i] ? 1 : 0)));
        }

        private static Entry sized(DType dtype, int length, long[] shape, Elements elements) {
            Entry entry = new Entry(dtype, shape, elements);
            if (entry.count() != length) {
                throw new IllegalArgumentException(length + " values do not fill " + Arrays.toString(shape));
            }
            return entry;
        }

        private int count() {
            long count = 1;
            for (long extent : shape) {
                count = Math.multiplyExact(count, extent);
            }
            return Math.toIntExact(count);
        }
    }

    /**
     * Writes a file in one go, replacing what was there.
     *
     * @param tensors by name, written in the order of the map
     * @param metadata free text beside the tensors, may be empty
     */
    public static void write(Path file, Map<String, Entry> tensors, Map<String, String> metadata) {
        byte[] header = header(tensors, metadata);
        AtomicFile.write(file, out -> {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (Entry entry : tensors.values()) {
                write(out, entry);
            }
        });
    }

    private static byte[] header(Map<String, Entry> tensors, Map<String, String> metadata) {
        ObjectNode root = Json.object();
        if (!metadata.isEmpty()) {
            ObjectNode strings = root.putObject("__metadata__");
            metadata.forEach(strings::put);
        }
        long position = 0;
        for (Map.Entry<String, Entry> named : tensors.entrySet()) {
            if (named.getKey().equals("__metadata__")) {
                throw new IllegalArgumentException("no tensor can be called __metadata__");
            }
            Entry entry = named.getValue();
            ObjectNode node = root.putObject(named.getKey());
            node.put("dtype", entry.dtype.name());
            ArrayNode shape = node.putArray("shape");
            Arrays.stream(entry.shape).forEach(shape::add);
            long end = position + (long) entry.count() * entry.dtype.bytes();
            node.putArray("data_offsets").add(position).add(end);
            position = end;
        }
        byte[] json = Json.line(root).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        if (padded.length > SafetensorsHeader.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a header of " + padded.length + " bytes is more than safetensors allows");
        }
        return padded;
    }

    private static void write(OutputStream out, Entry entry) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int count = entry.count();
        for (int i = 0; i < count; i++) {
            if (buffer.remaining() < entry.dtype.bytes()) {
                out.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            entry.elements.put(buffer, i);
        }
        out.write(buffer.array(), 0, buffer.position());
    }
}
