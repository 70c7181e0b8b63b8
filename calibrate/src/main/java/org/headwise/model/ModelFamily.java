package org.headwise.model;

import java.nio.file.Path;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** A family of models, found by ServiceLoader; {@code config.json} of a model folder names its family. */
public interface ModelFamily {
    /** The name in {@code config.json}, for example {@code infinity}. */
    String name();

    /**
     * Opens a model folder.
     *
     * @param folder holds {@code config.json} and the files it names
     * @param engine runs the model; closed by the caller, after the model
     * @param storage number format of the large matrices in memory: F32, BF16 or F16
     */
    ImageModel open(Path folder, Engine engine, DType storage);
}
