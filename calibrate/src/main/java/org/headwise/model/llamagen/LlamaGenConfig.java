package org.headwise.model.llamagen;

import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.model.Grid;
import org.headwise.model.Sampling;
import tools.jackson.databind.JsonNode;

/**
 * What a LlamaGen checkpoint does not say by the shapes of its tensors.
 *
 * @param heads attention heads, or 0 for heads of 64 numbers, as in all released models up to XL
 * @param epsilon of the RMS norms
 * @param theta base of the rotary frequencies
 * @param image token grid of an image
 * @param sampling default sampling of a generation
 * @param transformer file of the transformer, relative to the folder
 * @param vae file of the image tokenizer, relative to the folder
 * @param textEncoder folder of the T5 encoder of a text-conditional model, relative to the folder
 */
public record LlamaGenConfig(
        int heads,
        float epsilon,
        float theta,
        Grid image,
        Sampling sampling,
        String transformer,
        String vae,
        String textEncoder) {
    /** The settings of the released models with 24 x 24 tokens. */
    public static LlamaGenConfig released() {
        return new LlamaGenConfig(
                0,
                1e-5f,
                10000,
                new Grid(24, 24),
                new Sampling(4, 1, 2000, 0),
                "transformer.safetensors",
                "vae.safetensors",
                "text_encoder");
    }

    /**
     * Reads {@code config.json}, which names the {@code family} and may give {@code heads}, {@code norm_eps},
     * {@code rope_base}, {@code grid} as [rows, columns], {@code cfg}, {@code temperature}, {@code top_k}, {@code top_p},
     * {@code transformer}, {@code vae_file} and {@code text_encoder}.
     */
    public static LlamaGenConfig read(JsonNode document, String origin) {
        JsonFields json = JsonFields.of(document, origin);
        LlamaGenConfig released = released();
        Sampling sampling = released.sampling;
        return new LlamaGenConfig(
                json.has("heads") ? (int) json.whole("heads", 1, 4096) : released.heads,
                (float) positive(json, "norm_eps", released.epsilon),
                (float) positive(json, "rope_base", released.theta),
                grid(json, released.image),
                new Sampling(
                        json.has("cfg") ? (float) json.number("cfg") : sampling.guidance(),
                        (float) positive(json, "temperature", sampling.temperature()),
                        json.has("top_k") ? (int) json.whole("top_k", 0, 1 << 24) : sampling.topK(),
                        json.has("top_p") ? (float) json.number("top_p") : sampling.topP()),
                json.has("transformer") ? json.text("transformer") : released.transformer,
                json.has("vae_file") ? json.text("vae_file") : released.vae,
                json.has("text_encoder") ? json.text("text_encoder") : released.textEncoder);
    }

    private static double positive(JsonFields json, String name, double absent) {
        double value = json.has(name) ? json.number(name) : absent;
        if (!(value > 0)) {
            throw json.refuse(name, "found " + value + ", expected a positive number");
        }
        return value;
    }

    private static Grid grid(JsonFields json, Grid absent) {
        if (!json.has("grid")) {
            return absent;
        }
        JsonNode grid = json.node().get("grid");
        boolean pair = grid.isArray() && grid.size() == 2;
        int rows = pair ? grid.get(0).asInt(0) : 0;
        int columns = pair ? grid.get(1).asInt(0) : 0;
        if (rows < 1 || columns < 1 || rows > 1024 || columns > 1024) {
            throw json.refuse("grid", "found " + Json.line(grid) + ", expected [rows, columns]");
        }
        return new Grid(rows, columns);
    }
}
