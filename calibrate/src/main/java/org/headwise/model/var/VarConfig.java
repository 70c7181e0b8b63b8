package org.headwise.model.var;

import java.util.ArrayList;
import java.util.List;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.model.Sampling;
import tools.jackson.databind.JsonNode;

/**
 * What a VAR checkpoint does not say by the shapes of its tensors.
 *
 * @param scales side lengths of the square token maps, in order
 * @param heads attention heads, or 0 to take as many as the learnt scales of the queries, or heads of 64 numbers
 * @param sampling default sampling; guidance as {@link VarGenerator} takes it
 * @param transformer file of the transformer, relative to the folder
 * @param vae file of the image tokenizer, relative to the folder
 */
public record VarConfig(List<Integer> scales, int heads, Sampling sampling, String transformer, String vae) {
    /** Upstream's cfg of 1.5 is a guidance that ends at 1 + 1.5. */
    private static final Sampling SAMPLING = new Sampling(2.5f, 1, 900, 0.96f);

    public VarConfig {
        scales = List.copyOf(scales);
    }

    /** The settings of the released models of 256 x 256 pixels. */
    public static VarConfig released() {
        List<Integer> scales = List.of(1, 2, 3, 4, 5, 6, 8, 10, 13, 16);
        return new VarConfig(scales, 0, SAMPLING, "transformer.safetensors", "vae.safetensors");
    }

    /**
     * Reads {@code config.json}, which names the {@code family} and may give {@code patch_nums}, {@code heads},
     * {@code cfg} as upstream means it, {@code temperature}, {@code top_k}, {@code top_p}, {@code transformer} and
     * {@code vae_file}.
     */
    public static VarConfig read(JsonNode document, String origin) {
        JsonFields json = JsonFields.of(document, origin);
        VarConfig released = released();
        float temperature = json.has("temperature") ? (float) json.number("temperature") : 1;
        if (!(temperature > 0)) {
            throw json.refuse("temperature", "found " + temperature + ", expected a positive number");
        }
        return new VarConfig(
                json.has("patch_nums") ? scales(json) : released.scales,
                json.has("heads") ? (int) json.whole("heads", 1, 4096) : released.heads,
                new Sampling(
                        json.has("cfg") ? 1 + (float) json.number("cfg") : SAMPLING.guidance(),
                        temperature,
                        json.has("top_k") ? (int) json.whole("top_k", 0, 1 << 24) : SAMPLING.topK(),
                        json.has("top_p") ? (float) json.number("top_p") : SAMPLING.topP()),
                json.has("transformer") ? json.text("transformer") : released.transformer,
                json.has("vae_file") ? json.text("vae_file") : released.vae);
    }

    private static List<Integer> scales(JsonFields json) {
        List<Integer> scales = new ArrayList<>();
        for (JsonNode side : json.array("patch_nums")) {
            int least = scales.isEmpty() ? 1 : scales.getLast();
            if (!side.isIntegralNumber() || side.asInt(0) < least || side.asInt(0) > 1024) {
                throw json.refuse("patch_nums", "found " + Json.line(side) + ", expected sides that ascend from 1 on");
            }
            scales.add(side.intValue());
        }
        if (scales.isEmpty()) {
            throw json.refuse("patch_nums", "there are no scales");
        }
        return scales;
    }
}
