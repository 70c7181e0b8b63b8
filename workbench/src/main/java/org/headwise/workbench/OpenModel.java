package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import org.headwise.files.Provenance;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/**
 * A model in use, with the engine that runs it.
 *
 * @param name as files and reports call it
 */
record OpenModel(String name, Path folder, ImageModel model, Engine engine) implements AutoCloseable {
    /**
     * Opens a model.
     *
     * @param given name or folder as typed
     * @param weights number format of the large matrices
     */
    static OpenModel of(Session session, String given, DType weights) {
        Path folder = ModelOptions.folder(given);
        Engine engine = Engine.vector(session.threads());
        boolean open = false;
        try {
            ImageModel model = Models.open(folder, engine, weights);
            open = true;
            session.detail(folder + ", " + engine.describe());
            // Rounded weights are another model: its numbers must not mix with those of the exact one.
            return new OpenModel(weights == DType.F32 ? given : given + " in " + weights, folder, model, engine);
        } finally {
            if (!open) {
                engine.close();
            }
        }
    }

    /** Its files, for provenance. */
    List<Provenance.Input> inputs() {
        return InputFiles.folder(folder);
    }

    @Override
    public void close() {
        model.close();
        engine.close();
    }
}
