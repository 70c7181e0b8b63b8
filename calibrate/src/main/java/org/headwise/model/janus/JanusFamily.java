package org.headwise.model.janus;

import org.headwise.model.ImageModel;
import org.headwise.model.ModelFamily;
import org.headwise.model.ModelSource;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import tools.jackson.databind.JsonNode;

/** Janus and Janus-Pro: an image token by token, row by row, with a Llama trunk. */
public final class JanusFamily implements ModelFamily {
    @Override
    public String name() {
        return "janus";
    }

    /** The released files say {@code "model_type": "multi_modality"} and have a trunk of type llama. */
    @Override
    public boolean recognises(JsonNode config) {
        return ModelFamily.super.recognises(config)
                || config.path("model_type").asString("").equals("multi_modality")
                        && config.path("language_config").isObject();
    }

    @Override
    public ImageModel open(ModelSource source, Engine engine, DType storage) {
        return JanusModel.open(source, engine, storage);
    }
}
