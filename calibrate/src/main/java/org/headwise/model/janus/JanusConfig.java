package org.headwise.model.janus;

import java.nio.file.Path;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Grid;
import org.headwise.model.Sampling;
import tools.jackson.databind.JsonNode;

/**
 * What a Janus checkpoint does not say by the shapes of its tensors. Fields that {@code language_config} leaves out have
 * the values that Hugging Face's LlamaConfig gives them.
 *
 * @param layers transformer layers
 * @param width hidden size
 * @param heads query heads
 * @param kvHeads key/value heads
 * @param headDim numbers in a key
 * @param epsilon of the RMS norms
 * @param theta base of the rotary frequencies
 * @param alignerDepth linear layers of gen_aligner, or 0 to take as many as the checkpoint has
 * @param image token grid of an image
 * @param sampling default sampling of a generation
 * @param prompts what is put around a prompt
 */
public record JanusConfig(
        int layers,
        int width,
        int heads,
        int kvHeads,
        int headDim,
        float epsilon,
        float theta,
        int alignerDepth,
        Grid image,
        Sampling sampling,
        JanusPrompt prompts) {
    private static final int MOST = 1 << 20;

    /**
     * Reads {@code config.json} in the released layout. What the released programs hard-code (grid of the image, prompt
     * template, guidance, special tokens) may stand in a block {@code mini}.
     */
    public static JanusConfig read(Path file) {
        JsonNode json = Json.read(file);
        JsonNode language = json.path("language_config");
        if (!language.isObject()) {
            throw InputRefused.in(file, "there is no \"language_config\", so this is no Janus model");
        }
        refuseOtherTrunks(file, language);
        int width = whole(file, language, "hidden_size", 4096);
        int heads = whole(file, language, "num_attention_heads", 32);
        int kvHeads = whole(file, language, "num_key_value_heads", heads);
        int headDim = whole(file, language, "head_dim", width / heads);
        if (heads % kvHeads != 0 || headDim < 2 || headDim % 2 != 0) {
            throw InputRefused.in(
                    file,
                    "language_config has " + heads + " heads, " + kvHeads + " kv heads and a head size of " + headDim
                            + "; kv heads must divide heads, and the head size must be even");
        }
        JsonNode rope = language.has("rope_theta") ? language : language.path("rope_parameters");
        JsonNode mini = json.path("mini");
        return new JanusConfig(
                whole(file, language, "num_hidden_layers", 32),
                width,
                heads,
                kvHeads,
                headDim,
                (float) positive(file, language, "rms_norm_eps", 1e-6),
                (float) positive(file, rope, "rope_theta", 10000),
                alignerDepth(file, json),
                grid(file, mini),
                sampling(file, mini),
                JanusPrompt.read(file, mini));
    }

    private static void refuseOtherTrunks(Path file, JsonNode language) {
        String type = language.path("model_type").asString("llama");
        String activation = language.path("hidden_act").asString("silu");
        JsonNode scaling = language.path("rope_scaling");
        String rope = scaling.isObject()
                ? scaling.path("rope_type").asString(scaling.path("type").asString("default"))
                : language.path("rope_parameters").path("rope_type").asString("default");
        boolean biased = language.path("attention_bias").asBoolean(false)
                || language.path("mlp_bias").asBoolean(false);
        if (!type.equals("llama") || !activation.equals("silu") || !rope.equals("default") || biased) {
            throw InputRefused.in(
                    file,
                    "language_config is of type " + type + " with activation " + activation + ", rope type " + rope
                            + (biased ? " and biases" : "")
                            + "; expected llama with silu, plain rotary positions and no biases");
        }
    }

    private static int alignerDepth(Path file, JsonNode json) {
        JsonNode params = json.path("gen_aligner_config").path("params");
        String type = params.path("projector_type").asString("mlp_gelu");
        if (!type.equals("mlp_gelu")) {
            throw InputRefused.in(file, "gen_aligner_config is of type " + type + ", expected mlp_gelu");
        }
        return params.has("depth") ? whole(file, params, "depth", 1) : 0;
    }

    private static Grid grid(Path file, JsonNode mini) {
        JsonNode grid = mini.path("grid");
        if (grid.isMissingNode()) {
            return new Grid(24, 24);
        }
        if (grid.size() != 2 || !extent(grid.get(0), 4096) || !extent(grid.get(1), 4096)) {
            throw InputRefused.in(file, "mini/grid is " + Json.line(grid) + ", expected [rows, columns]");
        }
        return new Grid(grid.get(0).intValue(), grid.get(1).intValue());
    }

    private static Sampling sampling(Path file, JsonNode mini) {
        double guidance = mini.path("cfg").asDouble(5);
        if (!Double.isFinite(guidance)) {
            throw InputRefused.in(file, "mini/cfg is " + guidance + ", expected a number");
        }
        return new Sampling((float) guidance, (float) positive(file, mini, "temperature", 1), 0, 0);
    }

    private static boolean extent(JsonNode value, int most) {
        return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1 && value.intValue() <= most;
    }

    /** A null stands for an absent field, as in Hugging Face's own files. */
    private static int whole(Path file, JsonNode object, String name, int absent) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!extent(value, MOST)) {
            throw InputRefused.in(
                    file, name + " is " + Json.line(value) + ", expected a whole number from 1 to " + MOST);
        }
        return value.intValue();
    }

    private static double positive(Path file, JsonNode object, String name, double absent) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isNumber() || !(value.asDouble() > 0) || !Double.isFinite(value.asDouble())) {
            throw InputRefused.in(file, name + " is " + Json.line(value) + ", expected a positive number");
        }
        return value.asDouble();
    }
}
