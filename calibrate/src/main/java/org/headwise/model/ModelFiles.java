package org.headwise.model;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;

/** Files that the {@code config.json} of a model folder names. */
public final class ModelFiles {
    private ModelFiles() {}

    /** Refuses to leave weights in the files of a family that always packs them. */
    public static void requirePacked(String origin, DType storage) {
        if (storage == null) {
            throw new InputRefused(origin
                    + ": models of this family cannot leave their weights in the file; hold them as F32, BF16 or F16");
        }
    }

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
