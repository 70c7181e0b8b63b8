package org.headwise.datasets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;

/**
 * The mini models that come with the program, as folders under {@code datasets/models}: files, so that their weights can
 * be mapped. The home folder is what the launcher says in the system property {@code headwise.home}; without it, the
 * nearest folder above the program's classes that has {@code datasets/models}.
 */
public final class BundledModels {
    private static final Path MODELS = Path.of("datasets", "models");

    private BundledModels() {}

    /**
     * The folder of all bundled models.
     *
     * @throws InputRefused if there is none
     */
    public static Path folder() {
        String home = System.getProperty("headwise.home");
        if (home != null) {
            return under(Path.of(home))
                    .orElseThrow(() -> new InputRefused("the bundled models are not there: headwise.home is " + home
                            + ", but it has no folder " + MODELS + "; start the program through its launcher"));
        }
        Path classes = classes();
        for (Path above = classes; above != null; above = above.getParent()) {
            Optional<Path> found = under(above);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new InputRefused("the bundled models are not there: no folder above " + classes + " has " + MODELS
                + "; start the program through its launcher, or set -Dheadwise.home=FOLDER");
    }

    /** Names of the bundled models, sorted. */
    public static List<String> names() {
        try (Stream<Path> folders = Files.list(folder())) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve("config.json")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled models could not be listed: " + e.getMessage(), e);
        }
    }

    /** The folder of a bundled model, or nothing if there is none of that name. */
    public static Optional<Path> find(String name) {
        return names().contains(name) ? Optional.of(folder().resolve(name)) : Optional.empty();
    }

    private static Optional<Path> under(Path home) {
        Path models = home.resolve(MODELS);
        return Files.isDirectory(models) ? Optional.of(models.toAbsolutePath().normalize()) : Optional.empty();
    }

    private static Path classes() {
        try {
            return Path.of(BundledModels.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program's own classes have no place", e);
        }
    }
}
