package org.headwise.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headwise.files.InputRefused;

/**
 * The central directory of a mapped zip file, zip64 included (PKWARE APPNOTE 4.3 to 4.5). It says where the bytes of an
 * entry lie, which {@code java.util.zip} does not, so that stored entries stay mapped.
 */
final class ZipDirectory {
    /** Entries: a model has one per storage and a handful more. */
    private static final int MAX_ENTRIES = 200_000;

    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int END64_BYTES = 56;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final long MAX_COMMENT = 0xffff;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String origin;
    private final MemorySegment file;
    /** Where the central directory begins and all entries have ended. */
    private long start;

    private long entries;
    private final List<Span> spans = new ArrayList<>();

    private ZipDirectory(String origin, MemorySegment file) {
        this.origin = origin;
        this.file = file;
    }

    /**
     * An entry.
     *
     * @param deflated whether its bytes are deflated, else they are stored as they are
     * @param bytes as they lie in the file
     * @param size bytes when unpacked, as the directory claims
     * @param checksum CRC-32 of the unpacked bytes, as the directory claims
     */
    record Entry(boolean deflated, MemorySegment bytes, long size, long checksum) {}

    /** What an entry takes of the file, its header included. */
    private record Span(String name, long from, long to) {}

    /** Reads the directory: entries by name, in its order. */
    static Map<String, Entry> read(String origin, MemorySegment file) {
        ZipDirectory directory = new ZipDirectory(origin, file);
        directory.locate();
        return directory.entries();
    }

    private void locate() {
        long end = end();
        entries = unsigned16(end + 10);
        start = unsigned32(end + 16);
        long bytes = unsigned32(end + 12);
        long limit = end;
        if (end >= LOCATOR_BYTES && file.get(INT, end - LOCATOR_BYTES) == LOCATOR64) {
            long end64 = file.get(LONG, end - LOCATOR_BYTES + 8);
            if (end64 < 0 || end64 > end - LOCATOR_BYTES - END64_BYTES || file.get(INT, end64) != END64) {
                throw refuse("its zip64 directory is not where its locator says");
            }
            entries = file.get(LONG, end64 + 32);
            bytes = file.get(LONG, end64 + 40);
            start = file.get(LONG, end64 + 48);
            limit = end64;
        }
        if (entries < 0 || entries > MAX_ENTRIES) {
            throw refuse("it claims " + entries + " entries, expected at most " + MAX_ENTRIES);
        }
        if (start < 0 || start > limit || bytes < 0 || bytes > limit - start) {
            throw refuse("its directory of " + bytes + " bytes at byte " + start + " does not lie within the file");
        }
    }

    /** The record that ends a zip file; it is followed by a comment whose length it states. */
    private long end() {
        long last = file.byteSize() - END_BYTES;
        for (long at = last; at >= 0 && at >= last - MAX_COMMENT; at--) {
            if (file.get(INT, at) == END && unsigned16(at + 20) == last - at) {
                return at;
            }
        }
        throw new InputRefused(origin + ": the zip file has no directory at its end; it is cut short, fetch it again");
    }

    private Map<String, Entry> entries() {
        Map<String, Entry> found = new LinkedHashMap<>();
        long at = start;
        for (long i = 0; i < entries; i++) {
            if (at > file.byteSize() - CENTRAL_BYTES || file.get(INT, at) != CENTRAL) {
                throw refuse("entry " + i + " of its directory is missing");
            }
            int nameBytes = unsigned16(at + 28);
            int extraBytes = unsigned16(at + 30);
            long next = at + CENTRAL_BYTES + nameBytes + extraBytes + unsigned16(at + 32);
            if (next > file.byteSize()) {
                throw refuse("entry " + i + " of its directory is cut short");
            }
            String name = new String(
                    file.asSlice(at + CENTRAL_BYTES, nameBytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            if (found.put(name, entry(Names.shown(name), at, at + CENTRAL_BYTES + nameBytes, extraBytes)) != null) {
                throw refuse("it holds two entries " + Names.shown(name));
            }
            at = next;
        }
        requireApart();
        return found;
    }

    /** Entries that share bytes would make reading all of them take as long as a hostile file wants. */
    private void requireApart() {
        spans.sort(Comparator.comparingLong(Span::from));
        for (int i = 1; i < spans.size(); i++) {
            if (spans.get(i).from() < spans.get(i - 1).to()) {
                throw refuse("its entries " + spans.get(i - 1).name() + " and "
                        + spans.get(i).name() + " lie over each other");
            }
        }
    }

    private Entry entry(String name, long at, long extra, int extraBytes) {
        int method = unsigned16(at + 10);
        if ((unsigned16(at + 8) & 1) != 0 || method != 0 && method != 8) {
            throw refuse("entry " + name + " is encrypted or packed by method " + method
                    + ", expected stored or deflated entries");
        }
        long packed = unsigned32(at + 20);
        long size = unsigned32(at + 24);
        long header = unsigned32(at + 42);
        long wide = field64(extra, extra + extraBytes);
        // The extra field holds only those of the three that did not fit, in this order.
        if (wide >= 0) {
            long end = wide + unsigned16(wide - 2);
            if (size == 0xffffffffL) {
                size = wide(name, wide, end);
                wide += 8;
            }
            if (packed == 0xffffffffL) {
                packed = wide(name, wide, end);
                wide += 8;
            }
            if (header == 0xffffffffL) {
                header = wide(name, wide, end);
            }
        }
        if (header < 0 || header > start - LOCAL_BYTES || file.get(INT, header) != LOCAL) {
            throw refuse("entry " + name + " is not where the directory says");
        }
        long data = header + LOCAL_BYTES + unsigned16(header + 26) + unsigned16(header + 28);
        if (packed < 0 || size < 0 || data > start || packed > start - data || method == 0 && packed != size) {
            throw refuse("entry " + name + " of " + size + " bytes does not lie within the file");
        }
        spans.add(new Span(name, header, data + packed));
        return new Entry(method == 8, file.asSlice(data, packed), size, unsigned32(at + 16));
    }

    /** The body of the zip64 extra field, or -1. */
    private long field64(long from, long to) {
        long at = from;
        while (at <= to - 4) {
            long body = at + 4;
            int bytes = unsigned16(at + 2);
            if (unsigned16(at) == 1 && bytes <= to - body) {
                return body;
            }
            at = body + bytes;
        }
        return -1;
    }

    private long wide(String name, long at, long end) {
        if (at > end - 8) {
            throw refuse("entry " + name + " has a zip64 field that is too short");
        }
        return file.get(LONG, at);
    }

    private int unsigned16(long at) {
        return file.get(SHORT, at) & 0xffff;
    }

    private long unsigned32(long at) {
        return file.get(INT, at) & 0xffffffffL;
    }

    private InputRefused refuse(String problem) {
        return new InputRefused(origin + ": the zip file is corrupt, " + problem);
    }
}
