package org.headwise.synth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.headwise.checkpoint.TensorInfo;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Progress;
import org.headwise.tensor.DType;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model folder of made-up weights in the shapes and names of a released model: what memory and time are measured on
 * where the real weights are not at hand. Its pictures are noise, and every file says so.
 *
 * @param name as {@link SyntheticModels} lists it
 * @param what it is cut down from its released size, in words, or empty
 * @param configs JSON files by their path in the folder; the first gets a block {@code synthetic}
 * @param copies files to copy, by their path in the folder
 */
public record SyntheticModel(
        String name,
        String what,
        List<SyntheticPart> parts,
        Map<String, ObjectNode> configs,
        Map<String, Path> copies) {
    /** Key of the block in {@code config.json} and of the metadata of every file. */
    public static final String MARK = "synthetic";

    /** Bytes of all numbers. */
    public long bytes(DType dtype) {
        return parts.stream().mapToLong(part -> part.bytes(dtype)).sum();
    }

    /** Types and shapes of the tensors of one of {@link #parts}, by name, as files of this type would have them. */
    public Map<String, TensorInfo> tensors(int part, DType dtype) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        parts.get(part).tensors().forEach(tensor -> tensors.put(tensor.name(), new TensorInfo(dtype, tensor.shape())));
        return tensors;
    }

    /** How many tensors there are. */
    public int tensors() {
        return parts.stream().mapToInt(part -> part.tensors().size()).sum();
    }

    /**
     * Writes the folder; memory for a few numbers is all that is needed. The same name, type and seed give the same bytes.
     *
     * @param out absent or empty
     * @param dtype F32, BF16 or F16
     * @throws InputRefused if there is something in {@code out}, or too little room on its disk
     */
    public void write(Path out, DType dtype, long seed, Progress progress) {
        if (dtype != DType.F32 && dtype != DType.BF16 && dtype != DType.F16) {
            throw new IllegalArgumentException("weights are not stored as " + dtype);
        }
        requireEmpty(out);
        requireRoom(out, bytes(dtype));
        String note = "random weights in the shapes of " + name + (what.isEmpty() ? "" : ", " + what)
                + ": for measuring memory and time; pictures are noise";
        Map<String, String> metadata = new TreeMap<>(Map.of("format", "pt", MARK, note, MARK + "_seed", "" + seed));
        progress.start("writing MiB", bytes(dtype) >> 20);
        try {
            long before = 0;
            for (SyntheticPart part : parts) {
                part.write(out, dtype, seed, metadata, progress, before);
                before += part.bytes(dtype);
            }
            copies.forEach((file, from) -> copy(from, out.resolve(file)));
            configs.forEach((file, config) -> {
                ObjectNode marked = config.deepCopy();
                marked.putObject(MARK).put("note", note).put("seed", seed).put("dtype", dtype.name());
                AtomicFile.write(out.resolve(file), Json.pretty(marked));
            });
        } finally {
            progress.finish();
        }
    }

    private static void copy(Path from, Path to) {
        try {
            AtomicFile.write(to, Files.readAllBytes(from));
        } catch (IOException e) {
            throw new UncheckedIOException(from + " could not be read: " + e.getMessage(), e);
        }
    }

    private static void requireEmpty(Path out) {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw InputRefused.in(out, "is a file; name a new or empty folder");
        }
        if (!Files.exists(out)) {
            return;
        }
        try (Stream<Path> list = Files.list(out)) {
            list.min(Comparator.naturalOrder()).ifPresent(first -> {
                throw InputRefused.in(
                        out, "is not empty, it holds " + first.getFileName() + "; name a new or empty folder");
            });
        } catch (IOException e) {
            throw new UncheckedIOException(out + " could not be listed: " + e.getMessage(), e);
        }
    }

    private static void requireRoom(Path out, long bytes) {
        Path folder = out.toAbsolutePath();
        while (!Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (bytes > free) {
                throw InputRefused.in(
                        out,
                        String.format(
                                Locale.ROOT,
                                "the weights need %,d bytes, and the disk has %,d free; choose another disk, a 16-bit"
                                        + " --dtype or fewer --layers",
                                bytes,
                                free));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be examined: " + e.getMessage(), e);
        }
    }
}
