package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import org.headwise.files.Json;
import org.headwise.files.Provenance;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.synth.SyntheticModel;
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
        Engine engine = session.engine();
        boolean open = false;
        try {
            ImageModel model = Models.open(folder, engine, weights);
            open = true;
            session.detail(folder + ", " + engine.describe());
            return new OpenModel(called(given, weights, session.options().backend) + synthetic(folder), folder, model, engine);
        } finally {
            if (!open) {
                engine.close();
            }
        }
    }

    /** Rounded weights, or sums in another order, make another model: its numbers must not mix with the exact one's. */
    private static String called(String given, DType weights, Backend backend) {
        return given
                + (weights == DType.F32 ? "" : " in " + weights)
                + (backend == Backend.vector ? "" : " by " + backend);
    }

    /** Whatever is measured on made-up weights shall say so. */
    private static String synthetic(Path folder) {
        return Json.read(folder.resolve("config.json")).has(SyntheticModel.MARK) ? " (synthetic weights)" : "";
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
