package org.headwise.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes PyTorch files for tests, and opens them from memory. */
final class TorchFiles {
    private TorchFiles() {}

    /** The records of an archive with one storage called 0. */
    static Map<String, byte[]> records(byte[] pickle, byte[] storage) {
        Map<String, byte[]> records = new LinkedHashMap<>();
        records.put("archive/data.pkl", pickle);
        records.put("archive/data/0", storage);
        return records;
    }

    static byte[] zip(byte[] pickle, byte[] storage) {
        return zip(records(pickle, storage), ZipEntry.STORED);
    }

    static byte[] zip(Map<String, byte[]> records, int method) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> record : records.entrySet()) {
                ZipEntry entry = new ZipEntry(record.getKey());
                CRC32 crc = new CRC32();
                crc.update(record.getValue());
                entry.setMethod(method);
                entry.setSize(record.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(record.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Checkpoint open(byte[] file) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment segment = arena.allocate(Math.max(file.length, 1)).asSlice(0, file.length);
            MemorySegment.copy(file, 0, segment, ValueLayout.JAVA_BYTE, 0, file.length);
            Checkpoint opened = PyTorchReader.open("x.pth", segment, arena);
            arena = null;
            return opened;
        } finally {
            if (arena != null) {
                arena.close();
            }
        }
    }
}
