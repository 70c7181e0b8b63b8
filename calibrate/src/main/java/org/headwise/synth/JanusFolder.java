package org.headwise.synth;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Janus-Pro model folder with the bundled janus-mini's tokenizer, which has the special tokens that Janus looks for.
 *
 * @param shards files of the weights
 * @param grid rows and columns of the image's tokens
 */
record JanusFolder(JanusLayout layout, int shards, int grid) {
    private static final int RELEASED_GRID = 24;

    SyntheticModel model(String name, String what) {
        Path tokenizer = BundledModels.folder().resolve("janus-mini", "tokenizer.json");
        return new SyntheticModel(
                name,
                what,
                List.of(new SyntheticPart("", "model", shards, layout.tensors())),
                Map.of("config.json", config()),
                Map.of("tokenizer.json", tokenizer));
    }

    private ObjectNode config() {
        ObjectNode config = Json.object();
        config.putArray("architectures").add("MultiModalityCausalLM");
        config.put("model_type", "multi_modality");
        config.putObject("gen_aligner_config")
                .put("cls", "MlpProjector")
                .put("model_type", "gen_aligner")
                .putObject("params")
                .put("depth", 2)
                .put("input_dim", layout.image().codeWidth())
                .put("n_embed", layout.width())
                .put("projector_type", "mlp_gelu");
        config.putObject("gen_head_config")
                .put("cls", "vision_head")
                .put("model_type", "gen_head")
                .putObject("params")
                .put("image_token_embed", layout.width())
                .put("image_token_size", layout.image().codes())
                .put("n_embed", layout.width());
        config.putObject("gen_vision_config")
                .put("cls", "VQ-16")
                .put("model_type", "gen_vision")
                .putObject("params")
                .put("image_token_size", layout.image().codes())
                .put("n_embed", layout.image().codeWidth());
        config.putObject("language_config")
                .put("model_type", "llama")
                .put("hidden_size", layout.width())
                .put("intermediate_size", layout.hidden())
                .put("num_hidden_layers", layout.layers())
                .put("num_attention_heads", layout.heads())
                .put("num_key_value_heads", layout.heads())
                .put("max_position_embeddings", 16384)
                .put("vocab_size", layout.vocabulary());
        if (grid != RELEASED_GRID) {
            config.putObject("mini").putArray("grid").add(grid).add(grid);
        }
        return config;
    }
}
