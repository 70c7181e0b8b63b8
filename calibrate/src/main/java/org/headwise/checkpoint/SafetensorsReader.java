package org.headwise.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.headwise.files.InputRefused;

/**
 * Opens one safetensors file: 8 bytes little-endian header length, the header, the data. The file is mapped read-only,
 * whatever its size, and a tensor is touched only when it is asked for.
 */
public final class SafetensorsReader {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SafetensorsReader() {}

    /** Opens a file and checks its whole header; anything outside the format is refused. */
    public static Checkpoint open(Path file) {
        return MappedFile.open(file, SafetensorsReader::open);
    }

    /** Reads a file that is already in memory; {@code arena} is closed with the checkpoint, and may be null. */
    static Checkpoint open(String origin, MemorySegment file, Arena arena) {
        if (file.byteSize() < 8) {
            throw new InputRefused(origin + ": " + file.byteSize()
                    + " bytes are too few for a safetensors file, which begins with 8 bytes of header length");
        }
        long length = file.get(LENGTH, 0);
        if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
            throw new InputRefused(origin + ": the header length " + Long.toUnsignedString(length)
                    + " is above the 100000000 bytes that safetensors allows; this is no safetensors file");
        }
        if (length > file.byteSize() - 8) {
            throw new InputRefused(origin + ": the header should have " + length + " bytes, but only "
                    + (file.byteSize() - 8) + " follow; the file is cut short or no safetensors file");
        }
        byte[] json = file.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment data = file.asSlice(8 + length);
        return new Mapped(origin, SafetensorsHeader.parse(origin, json, data.byteSize()), data, arena);
    }

    private record Mapped(String origin, SafetensorsHeader header, MemorySegment data, Arena arena)
            implements Checkpoint {
        @Override
        public Set<String> names() {
            return Collections.unmodifiableSet(header.tensors().keySet());
        }

        @Override
        public Optional<StoredTensor> find(String name) {
            SafetensorsHeader.Entry entry = header.tensors().get(name);
            if (entry == null) {
                return Optional.empty();
            }
            MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
            return Optional.of(
                    new StoredTensor(origin, name, entry.dtype(), entry.shape().clone(), bytes));
        }

        @Override
        public Map<String, String> metadata() {
            return Collections.unmodifiableMap(header.metadata());
        }

        @Override
        public void close() {
            if (arena != null && arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
