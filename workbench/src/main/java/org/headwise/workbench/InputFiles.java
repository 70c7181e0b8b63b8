package org.headwise.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.files.Sha256;

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

    private static Provenance.Input input(String name, Path file) {
        try {
            return new Provenance.Input(name, Files.size(file), Sha256.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }
}
