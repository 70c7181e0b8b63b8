package org.headwise.model.janus;

import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.Affine;
import org.headwise.model.WeightReader;
import org.headwise.model.raster.LlamaTrunk.Block;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/**
 * The parameters of Janus that generating images needs, packed for the kernels; the tower that understands images, the
 * image encoder and the text head stay where they are. All missing tensors are named at once. The table of text tokens is
 * read row by row where it lies, so the checkpoint must stay open.
 */
final class JanusWeights {
    private static final String TRUNK = "language_model.model.";
    private static final String ALIGNER = "gen_aligner.layers.";
    private static final List<String> MATRICES = List.of(
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj",
            "input_layernorm",
            "post_attention_layernorm");

    final StoredTensor textTokens;
    final StoredTensor imageTokens;
    final List<Affine> aligner = new ArrayList<>();
    final List<Block> blocks = new ArrayList<>();
    final float[] norm;
    final Affine headIn;
    final Affine headOut;
    final int codes;

    private final Checkpoint file;
    private final JanusConfig config;

    JanusWeights(Checkpoint file, JanusConfig config, Engine engine, DType storage) {
        this.file = file;
        this.config = config;
        WeightReader weights = new WeightReader(file, engine, storage);
        int depth = config.alignerDepth() == 0 ? alignerDepth() : config.alignerDepth();
        file.requireAll(names(depth));
        textTokens = weights.table(TRUNK + "embed_tokens.weight");
        textTokens.expect(textTokens.shape()[0], config.width());
        imageTokens = weights.table("gen_embed.weight");
        codes = Math.toIntExact(imageTokens.shape()[0]);
        int inputs = Math.toIntExact(imageTokens.shape()[1]);
        for (int layer = 0; layer < depth; layer++) {
            aligner.add(weights.affine(ALIGNER + 2 * layer, config.width(), layer == 0 ? inputs : config.width()));
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(block(weights, TRUNK + "layers." + layer + "."));
        }
        norm = weights.floats(TRUNK + "norm.weight", config.width());
        int inner = weights.rows("gen_head.output_mlp_projector.weight");
        headIn = weights.affine("gen_head.output_mlp_projector", inner, config.width());
        headOut = weights.affine("gen_head.vision_head", codes, inner);
    }

    private int alignerDepth() {
        int depth = 1;
        while (file.find(ALIGNER + 2 * depth + ".weight").isPresent()) {
            depth++;
        }
        return depth;
    }

    private List<String> names(int alignerDepth) {
        List<String> names = new ArrayList<>();
        names.add(TRUNK + "embed_tokens.weight");
        names.add(TRUNK + "norm.weight");
        names.add("gen_embed.weight");
        for (int layer = 0; layer < alignerDepth; layer++) {
            names.add(ALIGNER + 2 * layer + ".weight");
            names.add(ALIGNER + 2 * layer + ".bias");
        }
        for (String head : List.of("gen_head.output_mlp_projector", "gen_head.vision_head")) {
            names.add(head + ".weight");
            names.add(head + ".bias");
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            for (String matrix : MATRICES) {
                names.add(TRUNK + "layers." + layer + "." + matrix + ".weight");
            }
        }
        return names;
    }

    private Block block(WeightReader weights, String prefix) {
        int width = config.width();
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        int hidden = weights.rows(prefix + "mlp.gate_proj.weight");
        return new Block(
                weights.floats(prefix + "input_layernorm.weight", width),
                weights.matrix(prefix + "self_attn.q_proj.weight", queries, width),
                weights.matrix(prefix + "self_attn.k_proj.weight", keys, width),
                weights.matrix(prefix + "self_attn.v_proj.weight", keys, width),
                weights.matrix(prefix + "self_attn.o_proj.weight", width, queries),
                weights.floats(prefix + "post_attention_layernorm.weight", width),
                weights.matrix(prefix + "mlp.gate_proj.weight", hidden, width),
                weights.matrix(prefix + "mlp.up_proj.weight", hidden, width),
                weights.matrix(prefix + "mlp.down_proj.weight", width, hidden));
    }
}
