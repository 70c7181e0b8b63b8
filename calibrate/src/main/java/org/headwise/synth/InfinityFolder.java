package org.headwise.synth;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * An Infinity model folder: transformer, image tokenizer and text encoder with the bundled infinity-mini's tokenizer.
 *
 * @param patchify whether four latent cells make one token
 * @param shards files of the transformer; more than one lie in a folder of their own, as on the hub
 * @param guidance and temperature: what the released scripts draw with
 */
record InfinityFolder(
        InfinityLayout transformer,
        InfinityVaeLayout vae,
        T5Layout text,
        boolean patchify,
        String resolution,
        int shards,
        double guidance,
        double temperature) {
    private static final String TEXT = "text_encoder";
    private static final String SHARDED = "transformer";

    SyntheticModel model(String name, String what) {
        boolean single = shards == 1;
        List<SyntheticPart> parts = List.of(
                new SyntheticPart(single ? "" : SHARDED, single ? "infinity" : "model", shards, transformer.tensors()),
                new SyntheticPart("", "vae", 1, vae.tensors()),
                new SyntheticPart(TEXT, "model", text.layers() > 12 ? 2 : 1, text.tensors()));
        Map<String, ObjectNode> configs = new LinkedHashMap<>();
        configs.put("config.json", config(single ? "infinity.safetensors" : SHARDED));
        configs.put(TEXT + "/config.json", T5Folder.config(text));
        Path tokenizer = BundledModels.folder().resolve("infinity-mini", TEXT, "tokenizer.json");
        return new SyntheticModel(name, what, parts, configs, Map.of(TEXT + "/tokenizer.json", tokenizer));
    }

    private ObjectNode config(String file) {
        return Json.object()
                .put("family", "infinity")
                .put("depth", transformer.layers())
                .put("embed_dim", transformer.width())
                .put("num_heads", transformer.heads())
                .put("block_chunks", transformer.chunks())
                .put("text_channels", transformer.textWidth())
                .put("text_maxlen", transformer.textLimit())
                .put("codebook_dim", vae.bits())
                .put("apply_spatial_patchify", patchify ? 1 : 0)
                .put("rope2d_normalized_by_hw", 2)
                .put("add_lvl_embeding_only_first_block", 1)
                .put("pn", resolution)
                .put("h_div_w", 1.0)
                .put("cfg", guidance)
                .put("tau", temperature)
                .put("transformer", file)
                .put("vae_file", "vae.safetensors")
                .put("text_encoder", TEXT);
    }
}
