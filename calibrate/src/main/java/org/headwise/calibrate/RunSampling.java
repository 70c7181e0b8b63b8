package org.headwise.calibrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the images of a run are drawn, step by step where the model allows it; the fields are those of {@link Request}.
 *
 * @param negativePrompt replaces the model's learnt unconditional text, or null
 * @param guidance per step, or one value for all
 * @param temperature per step, or one value for all
 * @param guidanceLayers where guidance mixes; 0 on the logits
 * @param topK 0 keeps all
 * @param topP 0 or 1 keeps all
 */
public record RunSampling(
        String negativePrompt,
        List<Float> guidance,
        List<Float> temperature,
        List<Integer> guidanceLayers,
        int topK,
        float topP) {
    public RunSampling {
        guidance = List.copyOf(guidance);
        temperature = List.copyOf(temperature);
        guidanceLayers = List.copyOf(guidanceLayers);
    }

    /** Guidance on the logits, the same for every step. */
    public static RunSampling of(Sampling sampling) {
        return new RunSampling(
                null,
                List.of(sampling.guidance()),
                List.of(sampling.temperature()),
                List.of(0),
                sampling.topK(),
                sampling.topP());
    }

    /** One image of one prompt, not decoded. */
    public Request request(String prompt, long seed) {
        return new Request(
                List.of(prompt),
                negativePrompt,
                List.of(seed),
                guidance,
                temperature,
                guidanceLayers,
                topK,
                topP,
                List.of(),
                false,
                false);
    }

    ObjectNode write() {
        ObjectNode out = Json.object();
        if (negativePrompt != null) {
            out.put("negative_prompt", negativePrompt);
        }
        floats(out.putArray("guidance"), guidance);
        floats(out.putArray("temperature"), temperature);
        ArrayNode layers = out.putArray("guidance_layers");
        guidanceLayers.forEach(layers::add);
        return out.put("top_k", topK).put("top_p", topP);
    }

    static RunSampling read(JsonFields fields) {
        fields.only(Set.of("negative_prompt", "guidance", "temperature", "guidance_layers", "top_k", "top_p"));
        return new RunSampling(
                fields.has("negative_prompt") ? fields.text("negative_prompt") : null,
                numbers(fields, "guidance").stream().map(Double::floatValue).toList(),
                numbers(fields, "temperature").stream().map(Double::floatValue).toList(),
                numbers(fields, "guidance_layers").stream()
                        .map(Double::intValue)
                        .toList(),
                (int) fields.whole("top_k", 0, Integer.MAX_VALUE),
                (float) fields.number("top_p"));
    }

    private static List<Double> numbers(JsonFields fields, String name) {
        List<Double> values = new ArrayList<>();
        for (JsonNode value : fields.array(name)) {
            if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
                throw fields.refuse(name + "/" + values.size(), "expected a finite number");
            }
            values.add(value.asDouble());
        }
        return values;
    }

    private static void floats(ArrayNode out, List<Float> values) {
        values.forEach(out::add);
    }
}
