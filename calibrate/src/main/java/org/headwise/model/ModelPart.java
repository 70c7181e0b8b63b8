package org.headwise.model;

import java.util.Arrays;
import java.util.Optional;

/** A part of a model that may lie in a file or folder of its own. */
public enum ModelPart {
    CONFIG("config"),
    TRANSFORMER("transformer"),
    /** The image tokenizer. */
    VAE("vae"),
    /** The folder of the text encoder. */
    TEXT_ENCODER("text_encoder"),
    /** The text tokenizer's file. */
    TOKENIZER("tokenizer");

    private final String key;

    ModelPart(String key) {
        this.key = key;
    }

    /** As settings and listings call it. */
    public String key() {
        return key;
    }

    public static Optional<ModelPart> find(String key) {
        return Arrays.stream(values()).filter(part -> part.key.equals(key)).findFirst();
    }
}
