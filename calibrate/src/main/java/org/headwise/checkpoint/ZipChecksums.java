package org.headwise.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;

/**
 * Compares all records of zip files with the CRC-32 that their directories have of them. PyTorch can be told to leave them
 * out and writes 0 then, so 0 is no checksum.
 *
 * @param matching records that are as they were written
 * @param without records that have no checksum
 * @param problems a sentence for each of the others, and for every file whose directory cannot be read
 */
public record ZipChecksums(int matching, int without, List<String> problems) {
    private static final int BLOCK = 1 << 22;

    /**
     * Reads a checkpoint once, also one that cannot be opened: what it holds may be why.
     *
     * @param file a file, or the index of shards; those that are no zip files are passed over
     * @param progress told of records
     */
    public static ZipChecksums of(Path file, Progress progress) {
        int matching = 0;
        int without = 0;
        List<String> problems = new ArrayList<>();
        for (Path part : files(file)) {
            if (!Files.isRegularFile(part) || FileContent.of(part) != FileContent.PYTORCH_ZIP) {
                continue;
            }
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.READ);
                    Arena arena = Arena.ofConfined()) {
                ZipChecksums sums =
                        of(part.toString(), channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), progress);
                matching += sums.matching;
                without += sums.without;
                sums.problems.forEach(problem -> problems.add(part + ": " + problem + "; fetch the file again"));
            } catch (InputRefused e) {
                problems.add(e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(part + " could not be read: " + e.getMessage(), e);
            }
        }
        return new ZipChecksums(matching, without, List.copyOf(problems));
    }

    private static List<Path> files(Path file) {
        try {
            return Files.isRegularFile(file) && FileContent.of(file) == FileContent.JSON
                    ? ShardedCheckpoint.files(file)
                    : List.of(file);
        } catch (InputRefused e) {
            // Opening the index says what is wrong with it.
            return List.of();
        }
    }

    /** Reads a mapped file once, and gives its pages back as it goes; problems begin with the record's name. */
    static ZipChecksums of(String origin, MemorySegment file, Progress progress) {
        int matching = 0;
        int without = 0;
        List<String> problems = new ArrayList<>();
        Map<String, ZipDirectory.Entry> entries = ZipDirectory.read(origin, file);
        int done = 0;
        progress.start("comparing checksums", entries.size());
        for (Map.Entry<String, ZipDirectory.Entry> named : entries.entrySet()) {
            ZipDirectory.Entry entry = named.getValue();
            if (entry.checksum() == 0 && entry.size() > 0) {
                without++;
            } else {
                String problem = entry.deflated() ? deflated(entry) : stored(entry);
                if (problem == null) {
                    matching++;
                } else {
                    problems.add("record " + Names.shown(named.getKey()) + " " + problem);
                }
            }
            progress.step(++done);
        }
        progress.finish();
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
