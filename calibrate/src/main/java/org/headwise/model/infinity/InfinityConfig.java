package org.headwise.model.infinity;

import java.nio.file.Path;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Sampling;
import tools.jackson.databind.JsonNode;

/**
 * What an Infinity checkpoint does not say by the shapes of its tensors: everything else is read from the tensors
 * themselves.
 *
 * @param patchify whether four neighbouring VAE cells make one token (8B)
 * @param ropeMode 2: positions on the grid of the largest released scale (all released models); 1: resized tables; 0: raw
 * @param levelEmbedding whether the level embedding is added before the first block only or before every block
 * @param pn pixel budget of the schedule: 0.06M, 0.25M, 0.60M or 1M
 * @param heightOverWidth aspect ratio; the nearest template of the upstream table is used
 * @param sampling default sampling of a generation
 * @param transformer file of the transformer, relative to the folder
 * @param vae file of the image tokenizer, relative to the folder
 * @param textEncoder folder of the T5 encoder, relative to the folder
 */
public record InfinityConfig(
        boolean patchify,
        int ropeMode,
        LevelEmbedding levelEmbedding,
        String pn,
        double heightOverWidth,
        Sampling sampling,
        String transformer,
        String vae,
        String textEncoder) {
    /** Where the level embedding is added to the hidden state. */
    public enum LevelEmbedding {
        FIRST_BLOCK,
        EVERY_BLOCK
    }

    /** The settings of all released models, with the smallest schedule. */
    public static InfinityConfig released(boolean patchify) {
        return new InfinityConfig(
                patchify,
                2,
                LevelEmbedding.FIRST_BLOCK,
                "0.06M",
                1,
                new Sampling(3, 1, 900, 0.97f),
                "infinity.safetensors",
                "vae.safetensors",
                "text_encoder");
    }

    /** Reads {@code config.json} of a model folder; absent entries take the values of the released models. */
    public static InfinityConfig read(Path file) {
        return read(Json.read(file), file.toString());
    }

    /** The same for JSON already read; {@code origin} names it in refusals. */
    public static InfinityConfig read(JsonNode json, String origin) {
        String family = json.path("family").asString("");
        if (!family.equals("infinity")) {
            throw new InputRefused(origin + ": the family is \"" + family + "\", expected \"infinity\"");
        }
        InfinityConfig released = released(flag(json, "apply_spatial_patchify", 0));
        return new InfinityConfig(
                released.patchify,
                json.path("rope2d_normalized_by_hw").asInt(released.ropeMode),
                flag(json, "add_lvl_embeding_only_first_block", 1)
                        ? LevelEmbedding.FIRST_BLOCK
                        : LevelEmbedding.EVERY_BLOCK,
                json.path("pn").asString(released.pn),
                json.path("h_div_w").asDouble(released.heightOverWidth),
                new Sampling(
                        (float) json.path("cfg").asDouble(released.sampling.guidance()),
                        (float) json.path("tau").asDouble(released.sampling.temperature()),
                        json.path("top_k").asInt(released.sampling.topK()),
                        (float) json.path("top_p").asDouble(released.sampling.topP())),
                json.path("transformer").asString(released.transformer),
                json.path("vae_file").asString(released.vae),
                json.path("text_encoder").asString(released.textEncoder));
    }

    private static boolean flag(JsonNode json, String name, int absent) {
        JsonNode value = json.path(name);
        return value.isBoolean() ? value.asBoolean() : value.asInt(absent) != 0;
    }
}
