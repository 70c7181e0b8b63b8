package org.headwise.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;

/** Opens whatever holds the weights of a model: a safetensors file, an index of shards, or the folder of either. */
public final class Checkpoints {
    private Checkpoints() {}

    /**
     * Opens a checkpoint.
     *
     * @param path a safetensors file, an {@code *.index.json} beside its shards, or a folder with one of these in it
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw InputRefused.in(path, "no such file or folder");
        }
        if (Files.isDirectory(path)) {
            return openFolder(path);
        }
        return switch (FileContent.of(path)) {
            case SAFETENSORS -> SafetensorsReader.open(path);
            case JSON -> ShardedCheckpoint.open(path);
            case FileContent other -> throw InputRefused.in(path, other.refusal());
        };
    }

    private static Checkpoint openFolder(Path folder) {
        List<Path> files = files(folder);
        List<Path> indexes = ending(files, ".safetensors.index.json");
        List<Path> single = ending(files, ".safetensors");
        if (indexes.size() == 1) {
            return ShardedCheckpoint.open(indexes.getFirst());
        }
        if (indexes.isEmpty() && single.size() == 1) {
            return open(single.getFirst());
        }
        if (indexes.size() > 1 || single.size() > 1) {
            List<Path> several = indexes.isEmpty() ? single : indexes;
            throw InputRefused.in(
                    folder,
                    "it is not clear which file is meant, found "
                            + Names.of(several.stream()
                                    .map(p -> p.getFileName().toString())
                                    .toList())
                            + (indexes.isEmpty() ? " and no index" : "") + "; name one of them");
        }
        boolean pickles = Stream.of(".bin", ".pth", ".pt", ".bin.index.json")
                .anyMatch(end -> !ending(files, end).isEmpty());
        throw InputRefused.in(
                folder,
                pickles
                        ? "the folder holds PyTorch pickles and no safetensors; this version reads safetensors only, convert them"
                        : "the folder holds no safetensors file");
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be listed: " + e.getMessage(), e);
        }
    }

    private static List<Path> ending(List<Path> files, String end) {
        return files.stream()
                .filter(p -> p.getFileName().toString().endsWith(end))
                .toList();
    }
}
