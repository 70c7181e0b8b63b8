package org.headwise.model.var;

import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.model.Affine;
import org.headwise.model.CosineAttention;
import org.headwise.model.WeightReader;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** The parameters of a VAR transformer, packed for the kernels; sizes are read from the shapes of the tensors. */
final class VarWeights {
    /**
     * One transformer block.
     *
     * @param ownModulation the block's own Linear, or null if {@code modulation} is added to a shared one
     * @param queryScale exp(min(scale_mul, ln 100)) per head, or null without normalised attention
     */
    record Block(
            Affine ownModulation,
            float[] modulation,
            Affine query,
            Affine key,
            Affine value,
            float[] queryScale,
            Affine projection,
            Affine up,
            Affine down) {}

    final int width;
    final int heads;
    final int codes;
    final int channels;
    final int classes;
    final float[] classTable;
    final float[] start;
    final float[] levels;
    final float[] positions;
    final Affine wordEmbedding;
    final Affine sharedModulation;
    final Affine headModulation;
    final Affine head;
    final List<Block> blocks = new ArrayList<>();

    private final Checkpoint file;
    private final WeightReader weights;

    VarWeights(Checkpoint file, VarConfig config, Engine engine, DType storage) {
        this.file = file;
        this.weights = new WeightReader(file, engine, storage);
        int depth = 1;
        while (file.find("blocks." + depth + ".attn.mat_qkv.weight").isPresent()) {
            depth++;
        }
        boolean shared = file.find("shared_ada_lin.1.weight").isPresent();
        boolean normalised = file.find("blocks.0.attn.scale_mul_1H11").isPresent();
        file.requireAll(names(depth, shared, normalised));
        width = weights.extent("pos_start", 2);
        codes = weights.extent("head.weight", 0);
        channels = weights.extent("word_embed.weight", 1);
        classes = weights.extent("class_emb.weight", 0) - 1;
        heads = config.heads() > 0
                ? config.heads()
                : normalised ? weights.extent("blocks.0.attn.scale_mul_1H11", 1) : width / 64;
        if (heads == 0 || width % heads != 0) {
            throw new InputRefused(file.origin() + ": width " + width + " does not divide into " + heads + " heads");
        }
        int tokens = config.scales().stream().mapToInt(side -> side * side).sum();
        int first = config.scales().getFirst() * config.scales().getFirst();
        classTable = weights.floats("class_emb.weight", classes + 1, width);
        start = weights.floats("pos_start", 1, first, width);
        levels = weights.floats("lvl_embed.weight", config.scales().size(), width);
        positions = weights.floats("pos_1LC", 1, tokens, width);
        wordEmbedding = weights.affine("word_embed", width, channels);
        sharedModulation = shared ? weights.affine("shared_ada_lin.1", 6 * width, width) : null;
        headModulation = weights.affine("head_nm.ada_lin.1", 2 * width, width);
        head = weights.affine("head", codes, width);
        for (int block = 0; block < depth; block++) {
            blocks.add(block("blocks." + block + ".", shared, normalised));
        }
    }

    private static List<String> names(int depth, boolean shared, boolean normalised) {
        List<String> names = new ArrayList<>(List.of("pos_start", "pos_1LC", "lvl_embed.weight", "class_emb.weight"));
        affine(names, "", List.of("word_embed", "head_nm.ada_lin.1", "head"));
        for (int block = 0; block < depth; block++) {
            String prefix = "blocks." + block + ".";
            affine(names, prefix, List.of("attn.proj", "ffn.fc1", "ffn.fc2"));
            names.addAll(List.of(prefix + "attn.mat_qkv.weight", prefix + "attn.q_bias", prefix + "attn.v_bias"));
            if (shared) {
                names.add(prefix + "ada_gss");
            } else {
                affine(names, prefix, List.of("ada_lin.1"));
            }
            if (normalised) {
                names.add(prefix + "attn.scale_mul_1H11");
            }
        }
        return names;
    }

    private static void affine(List<String> names, String prefix, List<String> layers) {
        for (String layer : layers) {
            names.add(prefix + layer + ".weight");
            names.add(prefix + layer + ".bias");
        }
    }

    private Block block(String prefix, boolean shared, boolean normalised) {
        int hidden = weights.extent(prefix + "ffn.fc1.weight", 0);
        float[] scale = normalised
                ? CosineAttention.queryScale(weights.floats(prefix + "attn.scale_mul_1H11", 1, heads, 1, 1))
                : null;
        StoredTensor qkv = file.get(prefix + "attn.mat_qkv.weight").expect(3L * width, width);
        return new Block(
                shared ? null : weights.affine(prefix + "ada_lin.1", 6 * width, width),
                shared ? weights.floats(prefix + "ada_gss", 1, 1, 6, width) : null,
                new Affine(weights.part(qkv, 0, 3), weights.floats(prefix + "attn.q_bias", width)),
                new Affine(weights.part(qkv, 1, 3), null),
                new Affine(weights.part(qkv, 2, 3), weights.floats(prefix + "attn.v_bias", width)),
                scale,
                weights.affine(prefix + "attn.proj", width, width),
                weights.affine(prefix + "ffn.fc1", hidden, width),
                weights.affine(prefix + "ffn.fc2", width, hidden));
    }
}
