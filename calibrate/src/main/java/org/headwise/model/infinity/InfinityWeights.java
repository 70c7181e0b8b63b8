package org.headwise.model.infinity;

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

/**
 * The parameters of an Infinity transformer, packed for the kernels. Depth, width, heads, text width and bits are read
 * from the shapes of the tensors; a tensor of another shape is refused by name.
 */
final class InfinityWeights {
    /** Keys and values of a text: from [text tokens, inputs]. */
    record TextKeys(Affine keys, Affine values) {}

    /** One transformer block. {@code queryScale} is exp(min(scale_mul, ln 100)) per head. */
    record Block(
            float[] modulation,
            Affine query,
            Affine key,
            Affine value,
            float[] queryScale,
            Affine projection,
            float[] crossNormWeight,
            float[] crossNormBias,
            Affine crossQuery,
            TextKeys crossText,
            Affine crossProjection,
            Affine up,
            Affine down) {}

    final int width;
    final int heads;
    final int textWidth;
    final int bits;
    final float[] textNorm;
    final float[] unconditional;
    final int textLimit;
    final float[] start;
    final float[] poolQuery;
    final int poolHeads;
    final TextKeys poolText;
    final Affine poolProjection;
    final Affine textIn;
    final Affine textOut;
    final float[] levels;
    final Affine wordEmbedding;
    final Affine sharedModulation;
    final Affine headModulation;
    final Affine head;
    final List<Block> blocks;

    private final Checkpoint file;
    private final WeightReader weights;

    InfinityWeights(Checkpoint file, Engine engine, DType storage) {
        this.file = file;
        this.weights = new WeightReader(file, engine, storage);
        width = weights.extent("pos_start", 2);
        textWidth = weights.extent("text_norm.weight", 0);
        bits = weights.extent("word_embed.weight", 1);
        List<String> names = blockNames();
        heads = weights.extent(names.getFirst() + "sa.scale_mul_1H11", 1);
        if (width % heads != 0 || width / heads % 4 != 0) {
            throw new InputRefused(file.origin() + ": width " + width + " does not divide into " + heads
                    + " heads of a multiple of four, which rotary positions need");
        }
        textNorm = weights.floats("text_norm.weight", textWidth);
        textLimit = weights.extent("cfg_uncond", 0);
        unconditional = weights.floats("cfg_uncond", textLimit, textWidth);
        start = weights.floats("pos_start", 1, 1, width);
        poolHeads = weights.extent("text_proj_for_sos.ca.mat_q", 1);
        poolQuery = weights.floats("text_proj_for_sos.ca.mat_q", 1, poolHeads, width / poolHeads);
        poolText = textKeys("text_proj_for_sos.ca.", textWidth);
        poolProjection = weights.affine("text_proj_for_sos.ca.proj", width, width);
        textIn = weights.affine("text_proj_for_ca.0", width, textWidth);
        textOut = weights.affine("text_proj_for_ca.2", width, width);
        levels = weights.floats("lvl_embed.weight", weights.extent("lvl_embed.weight", 0), width);
        wordEmbedding = weights.affine("word_embed", width, bits);
        sharedModulation = weights.affine("shared_ada_lin.1", 6 * width, width);
        headModulation = weights.affine("head_nm.ada_lin.1", 2 * width, width);
        head = weights.affine("head", 2 * bits, width);
        blocks = names.stream().map(this::block).toList();
    }

    /** Prefixes of the blocks in order, whether they lie in chunks or not. */
    private List<String> blockNames() {
        List<String> names = new ArrayList<>();
        for (int chunk = 0;
                file.find("block_chunks." + chunk + ".module.0.ada_gss").isPresent();
                chunk++) {
            for (int j = 0; ; j++) {
                String prefix = "block_chunks." + chunk + ".module." + j + ".";
                if (file.find(prefix + "ada_gss").isEmpty()) {
                    break;
                }
                names.add(prefix);
            }
        }
        for (int i = 0; file.find("blocks." + i + ".ada_gss").isPresent(); i++) {
            names.add("blocks." + i + ".");
        }
        if (names.isEmpty()) {
            throw new InputRefused(file.origin()
                    + ": there is no tensor block_chunks.0.module.0.ada_gss, so this is no Infinity transformer");
        }
        return names;
    }

    private Block block(String prefix) {
        int hidden = weights.extent(prefix + "ffn.fc1.weight", 0);
        float[] scale = CosineAttention.queryScale(weights.floats(prefix + "sa.scale_mul_1H11", 1, heads, 1, 1));
        StoredTensor qkv = file.get(prefix + "sa.mat_qkv.weight").expect(3L * width, width);
        Block block = new Block(
                weights.floats(prefix + "ada_gss", 1, 1, 6, width),
                new Affine(weights.part(qkv, 0, 3), weights.floats(prefix + "sa.q_bias", width)),
                new Affine(weights.part(qkv, 1, 3), null),
                new Affine(weights.part(qkv, 2, 3), weights.floats(prefix + "sa.v_bias", width)),
                scale,
                weights.affine(prefix + "sa.proj", width, width),
                weights.floats(prefix + "ca_norm.weight", width),
                weights.floats(prefix + "ca_norm.bias", width),
                weights.affine(prefix + "ca.mat_q", width, width),
                textKeys(prefix + "ca.", width),
                weights.affine(prefix + "ca.proj", width, width),
                weights.affine(prefix + "ffn.fc1", hidden, width),
                weights.affine(prefix + "ffn.fc2", width, hidden));
        weights.release(qkv);
        return block;
    }

    private TextKeys textKeys(String prefix, int inputs) {
        StoredTensor both = file.get(prefix + "mat_kv.weight").expect(2L * width, inputs);
        TextKeys keys = new TextKeys(
                new Affine(weights.part(both, 0, 2), null),
                new Affine(weights.part(both, 1, 2), weights.floats(prefix + "v_bias", width)));
        weights.release(both);
        return keys;
    }
}
