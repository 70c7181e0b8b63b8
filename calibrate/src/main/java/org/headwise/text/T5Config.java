package org.headwise.text;

import java.nio.file.Path;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import tools.jackson.databind.JsonNode;

/**
 * The sizes of a T5 encoder as its {@code config.json} gives them.
 *
 * @param width numbers per token (d_model)
 * @param layers encoder blocks
 * @param heads attention heads
 * @param headWidth numbers per head (d_kv); heads * headWidth need not be the width
 * @param hidden numbers inside the feed-forward (d_ff)
 * @param buckets relative position buckets
 * @param maxDistance from which on all positions share a bucket
 * @param epsilon of the norms
 */
public record T5Config(
        int width, int layers, int heads, int headWidth, int hidden, int buckets, int maxDistance, float epsilon) {
    private static final int MOST = 1 << 20;

    /** Reads a {@code config.json}; any other feed-forward than the gated tanh-GELU of T5 1.1 and Flan-T5 is refused. */
    public static T5Config read(Path file) {
        return read(Json.read(file), file.toString());
    }

    /** The same for JSON already read; {@code origin} names it in refusals. */
    public static T5Config read(JsonNode json, String origin) {
        String type = json.path("model_type").asString("t5");
        String feedForward = json.path("feed_forward_proj").asString("relu");
        if (!type.equals("t5")) {
            throw new InputRefused(origin + ": model_type is \"" + type + "\", expected \"t5\"");
        }
        if (!feedForward.equals("gated-gelu")) {
            throw new InputRefused(origin + ": feed_forward_proj is \"" + feedForward
                    + "\", expected \"gated-gelu\" (T5 1.1 and Flan-T5)");
        }
        T5Config config = new T5Config(
                count(json, "d_model", null, origin),
                count(json, "num_layers", null, origin),
                count(json, "num_heads", null, origin),
                count(json, "d_kv", null, origin),
                count(json, "d_ff", null, origin),
                count(json, "relative_attention_num_buckets", 32, origin),
                count(json, "relative_attention_max_distance", 128, origin),
                (float) json.path("layer_norm_epsilon").asDouble(1e-6));
        if (config.buckets % 4 != 0 || config.maxDistance <= config.buckets / 4) {
            throw new InputRefused(
                    origin + ": " + config.buckets + " relative_attention_num_buckets over a distance of "
                            + config.maxDistance + " are not possible; T5 uses 32 over 128");
        }
        if (!(config.epsilon >= 0 && config.epsilon < 1)) {
            throw new InputRefused(origin + ": layer_norm_epsilon is " + config.epsilon + ", expected a small number");
        }
        return config;
    }

    private static int count(JsonNode json, String name, Integer absent, String origin) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() && absent != null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1 || value.intValue() > MOST) {
            throw new InputRefused(origin + ": " + name + " is " + (value.isMissingNode() ? "missing" : value)
                    + ", expected a whole number from 1 to " + MOST);
        }
        return value.intValue();
    }
}
