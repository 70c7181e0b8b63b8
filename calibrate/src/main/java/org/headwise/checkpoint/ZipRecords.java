package org.headwise.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.headwise.files.InputRefused;

/**
 * The records of a PyTorch archive under its one root folder: mapped where they are stored, as PyTorch writes them, and
 * unpacked into memory where somebody packed the file again.
 */
final class ZipRecords {
    /** All unpacked records together, in bytes. */
    static final long MAX_UNPACKED = 1L << 30;

    /** Deflate cannot shrink data further than this. */
    private static final long MAX_RATIO = 1032;

    private final String origin;
    private final Arena arena;
    private final Map<String, ZipDirectory.Entry> entries;
    private final String root;
    private long unpacked;

    private ZipRecords(String origin, Arena arena, Map<String, ZipDirectory.Entry> entries, String root) {
        this.origin = origin;
        this.arena = arena;
        this.entries = entries;
        this.root = root;
    }

    /** Opens an archive; unpacked records live as long as the arena. */
    static ZipRecords open(String origin, MemorySegment file, Arena arena) {
        Map<String, ZipDirectory.Entry> entries = ZipDirectory.read(origin, file);
        // The root folder is called as the file was when it was saved, or "archive".
        String[] roots = entries.keySet().stream()
                .filter(name -> name.endsWith("/data.pkl") && name.indexOf('/') == name.length() - 9)
                .map(name -> name.substring(0, name.length() - 8))
                .toArray(String[]::new);
        if (roots.length != 1) {
            throw new InputRefused(origin + ": this zip file holds " + roots.length
                    + " files data.pkl in a folder, so it is no checkpoint of PyTorch, which holds one");
        }
        if (entries.containsKey(roots[0] + "constants.pkl")) {
            throw new InputRefused(
                    origin + ": this is a TorchScript program, not a checkpoint; save the model's state_dict instead");
        }
        return new ZipRecords(origin, arena, entries, roots[0]);
    }

    boolean has(String name) {
        return entries.containsKey(root + name);
    }

    /** The bytes of a record that must be there. */
    MemorySegment get(String name) {
        ZipDirectory.Entry entry = entries.get(root + name);
        if (entry == null) {
            throw new InputRefused(origin + ": there is no record " + name + ", which the pickle refers to");
        }
        return entry.deflated() ? inflate(name, entry) : entry.bytes();
    }

    private MemorySegment inflate(String name, ZipDirectory.Entry entry) {
        unpacked += entry.size();
        if (entry.size() > MAX_UNPACKED || unpacked > MAX_UNPACKED) {
            throw new InputRefused(origin + ": its records are deflated and need more than " + MAX_UNPACKED
                    + " bytes of memory; unpack the file and zip it without compression (zip -0)");
        }
        long packed = entry.bytes().byteSize();
        if (packed > Integer.MAX_VALUE || entry.size() > MAX_RATIO * (packed + 1)) {
            throw corrupt(name);
        }
        MemorySegment out = arena.allocate(Math.max(entry.size(), 1), 8).asSlice(0, entry.size());
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(entry.bytes().asByteBuffer());
            var buffer = out.asByteBuffer();
            while (buffer.hasRemaining()) {
                if (inflater.inflate(buffer) == 0) {
                    throw corrupt(name);
                }
            }
            return out;
        } catch (DataFormatException e) {
            throw new InputRefused(corrupt(name).getMessage(), e);
        }
    }

    private InputRefused corrupt(String name) {
        return new InputRefused(origin + ": the deflated record " + name + " is corrupt; fetch the file again");
    }
}
