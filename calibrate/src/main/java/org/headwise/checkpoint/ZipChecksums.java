package org.headwise.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Compares all records of a zip file with the CRC-32 that its directory has of them. PyTorch can be told to leave them out
 * and writes 0 then, so 0 is no checksum.
 *
 * @param matching records that are as they were written
 * @param without records that have no checksum
 * @param problems a sentence for each of the others, which begins with the record's name
 */
record ZipChecksums(int matching, int without, List<String> problems) {
    private static final int BLOCK = 1 << 22;

    /** Reads a mapped file once, and gives its pages back as it goes. */
    static ZipChecksums of(String origin, MemorySegment file) {
        int matching = 0;
        int without = 0;
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, ZipDirectory.Entry> named :
                ZipDirectory.read(origin, file).entrySet()) {
            ZipDirectory.Entry entry = named.getValue();
            if (entry.checksum() == 0 && entry.size() > 0) {
                without++;
                continue;
            }
            String problem = entry.deflated() ? deflated(entry) : stored(entry);
            if (problem == null) {
                matching++;
            } else {
                problems.add("record " + Names.shown(named.getKey()) + " " + problem);
            }
        }
        return new ZipChecksums(matching, without, List.copyOf(problems));
    }

    private static String stored(ZipDirectory.Entry entry) {
        CRC32 sum = new CRC32();
        for (long at = 0; at < entry.bytes().byteSize(); at += BLOCK) {
            MemorySegment block =
                    entry.bytes().asSlice(at, Math.min(BLOCK, entry.bytes().byteSize() - at));
            sum.update(block.asByteBuffer());
            MappedPages.release(block);
        }
        return compared(sum, entry);
    }

    private static String deflated(ZipDirectory.Entry entry) {
        CRC32 sum = new CRC32();
        byte[] unpacked = new byte[1 << 16];
        long count = 0;
        try (Inflater inflater = new Inflater(true)) {
            for (long at = 0; at < entry.bytes().byteSize() && !inflater.finished(); at += BLOCK) {
                long bytes = Math.min(BLOCK, entry.bytes().byteSize() - at);
                inflater.setInput(entry.bytes().asSlice(at, bytes).asByteBuffer());
                for (int got = inflater.inflate(unpacked);
                        got > 0 && count <= entry.size();
                        got = inflater.inflate(unpacked)) {
                    sum.update(unpacked, 0, got);
                    count += got;
                }
            }
        } catch (DataFormatException e) {
            return "cannot be unpacked";
        }
        return count == entry.size() ? compared(sum, entry) : "does not unpack to its " + entry.size() + " bytes";
    }

    private static String compared(CRC32 sum, ZipDirectory.Entry entry) {
        return sum.getValue() == entry.checksum()
                ? null
                : String.format(Locale.ROOT, "has the checksum %08x, expected %08x", sum.getValue(), entry.checksum());
    }
}
