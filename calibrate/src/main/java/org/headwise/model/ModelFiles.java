package org.headwise.model;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.files.InputRefused;

/** Files that the {@code config.json} of a model folder names. */
public final class ModelFiles {
    private ModelFiles() {}

    /** A file or folder of that name, which must be there and within the model folder. */
    public static Path existing(Path folder, String name) {
        Path path = folder.resolve(name).normalize();
        if (!path.startsWith(folder.normalize())) {
            throw InputRefused.in(
                    folder.resolve("config.json"), "names \"" + name + "\", which lies outside the folder");
        }
        if (!Files.exists(path)) {
            throw InputRefused.in(folder, "there is no " + name + ", which config.json names");
        }
        return path;
    }
}
