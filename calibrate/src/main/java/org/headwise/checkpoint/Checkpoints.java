package org.headwise.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;

/** Opens whatever holds the weights of a model: a safetensors or PyTorch file, an index of shards, or the folder of these. */
public final class Checkpoints {
    private Checkpoints() {}

    /**
     * Opens a checkpoint.
     *
     * @param path a safetensors or PyTorch file, an {@code *.index.json} beside its shards, or a folder with one of these
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw InputRefused.in(path, "no such file or folder");
        }
        if (Files.isDirectory(path)) {
            return openFolder(path);
        }
        return FileContent.of(path) == FileContent.JSON ? ShardedCheckpoint.open(path) : openFile(path);
    }

    /** Opens a file that holds tensors itself. */
    static Checkpoint openFile(Path file) {
        FileContent content = FileContent.of(file);
        return switch (content) {
            case SAFETENSORS -> SafetensorsReader.open(file);
            case PYTORCH_ZIP, PICKLE -> PyTorchReader.open(file);
            case JSON -> throw InputRefused.in(file, "this is JSON and holds no tensors");
            default -> throw InputRefused.in(file, content.refusal());
        };
    }

    /** The checkpoint of a folder: safetensors before PyTorch files, an index before single files. */
    private static Checkpoint openFolder(Path folder) {
        List<Path> files = files(folder);
        List<Path> pickles = ending(files, ".pth", ".pt", ".bin");
        List<List<Path>> kinds = List.of(
                ending(files, ".safetensors.index.json"),
                ending(files, ".safetensors"),
                ending(files, ".bin.index.json", ".pth.index.json", ".pt.index.json"),
                named(pickles, "pytorch_model.bin"),
                pickles);
        List<Path> found =
                kinds.stream().filter(kind -> !kind.isEmpty()).findFirst().orElse(List.of());
        if (found.isEmpty()) {
            throw InputRefused.in(
                    folder, "the folder holds no checkpoint: no file ends with .safetensors, .pth, .pt or .bin");
        }
        if (found.size() > 1) {
            boolean index = found.getFirst().toString().endsWith(".json");
            throw InputRefused.in(
                    folder,
                    "it is not clear which file is meant, found "
                            + Names.of(found.stream()
                                    .map(p -> p.getFileName().toString())
                                    .toList())
                            + (index ? "" : " and no index") + "; name one of them");
        }
        return open(found.getFirst());
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be listed: " + e.getMessage(), e);
        }
    }

    private static List<Path> ending(List<Path> files, String... ends) {
        return files.stream()
                .filter(p -> Stream.of(ends).anyMatch(p.getFileName().toString()::endsWith))
                .toList();
    }

    private static List<Path> named(List<Path> files, String name) {
        return files.stream()
                .filter(p -> p.getFileName().toString().equals(name))
                .toList();
    }
}
