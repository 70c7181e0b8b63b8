package org.headwise.synth;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import tools.jackson.databind.node.ObjectNode;

/** The folder of a T5 encoder, with the bundled infinity-mini's tokenizer. */
final class T5Folder {
    private T5Folder() {}

    static SyntheticModel model(String name, String what, T5Layout text) {
        Path tokenizer = BundledModels.folder().resolve("infinity-mini", "text_encoder", "tokenizer.json");
        return new SyntheticModel(
                name,
                what,
                List.of(new SyntheticPart("", "model", 2, text.tensors())),
                Map.of("config.json", config(text)),
                Map.of("tokenizer.json", tokenizer));
    }

    static ObjectNode config(T5Layout text) {
        ObjectNode config = Json.object();
        config.putArray("architectures").add("T5EncoderModel");
        return config.put("model_type", "t5")
                .put("vocab_size", text.vocabulary())
                .put("d_model", text.width())
                .put("d_kv", text.headWidth())
                .put("d_ff", text.hidden())
                .put("num_layers", text.layers())
                .put("num_heads", text.heads())
                .put("relative_attention_num_buckets", text.buckets())
                .put("relative_attention_max_distance", 128)
                .put("feed_forward_proj", "gated-gelu")
                .put("layer_norm_epsilon", 1e-6);
    }
}
