package org.headwise.model;

import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import tools.jackson.databind.JsonNode;

/** A family of models, found by ServiceLoader; the content of {@code config.json} of a model folder tells its family. */
public interface ModelFamily {
    /** For example {@code infinity}. */
    String name();

    /** Whether this {@code config.json} is of a model of this family: it says so as {@code family}, or by its form. */
    default boolean recognises(JsonNode config) {
        return config.path("family").asString("").equals(name());
    }

    /**
     * Opens a model.
     *
     * @param source where its configuration and files are
     * @param engine runs the model; closed by the caller, after the model
     * @param storage number format of the large matrices in memory: F32, BF16 or F16; or null to leave them in their
     *     files, mapped, from where every use reads them
     */
    ImageModel open(ModelSource source, Engine engine, DType storage);
}
