package org.headwise.workbench;

import java.util.List;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Provenance;
import org.headwise.model.ImageModel;
import org.headwise.model.ModelSource;
import org.headwise.model.Models;
import org.headwise.synth.SyntheticModel;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/**
 * A model in use, with the engine that runs it.
 *
 * @param name as files and reports call it
 */
record OpenModel(String name, ModelSource source, ImageModel model, Engine engine) implements AutoCloseable {
    /** Opens a bundled model with exact weights. */
    static OpenModel bundled(Session session, String name) {
        return of(session, name, ModelSource.of(BundledModels.find(name).orElseThrow()), DType.F32);
    }

    /**
     * Opens a model.
     *
     * @param given name or folder as typed
     * @param weights number format of the large matrices, or null to leave them in the file
     */
    static OpenModel of(Session session, String given, ModelSource source, DType weights) {
        Engine engine = session.engine();
        boolean open = false;
        try {
            ImageModel model = Models.open(source, engine, weights);
            open = true;
            session.detail(source.origin() + ", " + engine.describe());
            return new OpenModel(
                    called(given, weights, session.options().backend) + synthetic(source), source, model, engine);
        } finally {
            if (!open) {
                engine.close();
            }
        }
    }

    /** Rounded weights, or sums in another order, make another model: its numbers must not mix with the exact one's. */
    private static String called(String given, DType weights, Backend backend) {
        return given
                + (weights == null || weights == DType.F32 ? "" : " in " + weights)
                + (backend == Backend.vector ? "" : " by " + backend);
    }

    /** Whatever is measured on made-up weights shall say so. */
    private static String synthetic(ModelSource source) {
        return source.config().has(SyntheticModel.MARK) ? " (synthetic weights)" : "";
    }

    /** Its files, for provenance. */
    List<Provenance.Input> inputs() {
        return InputFiles.model(source);
    }

    @Override
    public void close() {
        model.close();
        engine.close();
    }
}
