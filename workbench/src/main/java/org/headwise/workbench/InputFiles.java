package org.headwise.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Provenance;
import org.headwise.files.Sha256;
import org.headwise.model.ModelPart;
import org.headwise.model.ModelSource;

/** Files that were read, as provenance names them: size and digest of every one. */
final class InputFiles {
    private InputFiles() {}

    /** One file, named as given. */
    static Provenance.Input file(Path file) {
        if (!Files.isRegularFile(file)) {
            throw InputRefused.in(file, "no such file");
        }
        return input(file.toString(), file);
    }

    /** All files of a model folder, named relative to it, sorted; hidden ones are left out. */
    static List<Provenance.Input> folder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith(".") && !name.contains("/."))
                    .sorted()
                    .map(name -> input(name, folder.resolve(name)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be listed: " + e.getMessage(), e);
        }
    }

    /** The files of a model: its folder's, or those of its parts, named by part. */
    static List<Provenance.Input> model(ModelSource source) {
        if (source.parts().isEmpty()) {
            return folder(source.folder());
        }
        List<Provenance.Input> inputs = new ArrayList<>();
        Path text = source.parts().get(ModelPart.TEXT_ENCODER);
        new TreeMap<>(source.parts()).forEach((part, path) -> {
            if (Files.isDirectory(path)) {
                folder(path)
                        .forEach(input -> inputs.add(
                                new Provenance.Input(part.key() + "/" + input.name(), input.bytes(), input.sha256())));
            } else if (text == null || !path.startsWith(text)) {
                Stream.concat(Stream.of(path), shards(path).stream())
                        .forEach(file -> inputs.add(input(part.key() + "/" + file.getFileName(), file)));
            }
        });
        return inputs;
    }

    /** The files beside an index that hold its tensors. */
    private static List<Path> shards(Path file) {
        return file.toString().endsWith(".index.json")
                ? Json.read(file).path("weight_map").values().stream()
                        .map(shard -> file.resolveSibling(shard.asString("")))
                        .distinct()
                        .sorted()
                        .toList()
                : List.of();
    }

    private static Provenance.Input input(String name, Path file) {
        try {
            return new Provenance.Input(name, Files.size(file), Sha256.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }
}
