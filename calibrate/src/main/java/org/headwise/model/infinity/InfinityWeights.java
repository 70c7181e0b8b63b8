package org.headwise.model.infinity;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;

/**
 * The parameters of an Infinity transformer, packed for the kernels. Depth, width, heads, text width and bits are read
 * from the shapes of the tensors; a tensor of another shape is refused by name.
 */
final class InfinityWeights {
    /** A linear layer; {@code bias} may be null. */
    record Affine(Matrix weight, float[] bias) {}

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

    private static final float LOG_SCALE_LIMIT = (float) Math.log(100);

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
    private final Engine engine;
    private final DType storage;

    InfinityWeights(Checkpoint file, Engine engine, DType storage) {
        this.file = file;
        this.engine = engine;
        this.storage = storage;
        width = extent("pos_start", 2);
        textWidth = extent("text_norm.weight", 0);
        bits = extent("word_embed.weight", 1);
        List<String> names = blockNames();
        heads = extent(names.getFirst() + "sa.scale_mul_1H11", 1);
        if (width % heads != 0 || width / heads % 4 != 0) {
            throw new InputRefused(file.origin() + ": width " + width + " does not divide into " + heads
                    + " heads of a multiple of four, which rotary positions need");
        }
        textNorm = floats("text_norm.weight", textWidth);
        textLimit = extent("cfg_uncond", 0);
        unconditional = floats("cfg_uncond", textLimit, textWidth);
        start = floats("pos_start", 1, 1, width);
        poolHeads = extent("text_proj_for_sos.ca.mat_q", 1);
        poolQuery = floats("text_proj_for_sos.ca.mat_q", 1, poolHeads, width / poolHeads);
        poolText = textKeys("text_proj_for_sos.ca.", textWidth);
        poolProjection = affine("text_proj_for_sos.ca.proj", width, width);
        textIn = affine("text_proj_for_ca.0", width, textWidth);
        textOut = affine("text_proj_for_ca.2", width, width);
        levels = floats("lvl_embed.weight", extent("lvl_embed.weight", 0), width);
        wordEmbedding = affine("word_embed", width, bits);
        sharedModulation = affine("shared_ada_lin.1", 6 * width, width);
        headModulation = affine("head_nm.ada_lin.1", 2 * width, width);
        head = affine("head", 2 * bits, width);
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
        int hidden = extent(prefix + "ffn.fc1.weight", 0);
        float[] scale = floats(prefix + "sa.scale_mul_1H11", 1, heads, 1, 1);
        for (int h = 0; h < heads; h++) {
            scale[h] = (float) Math.exp(Math.min(scale[h], LOG_SCALE_LIMIT));
        }
        StoredTensor qkv = file.get(prefix + "sa.mat_qkv.weight").expect(3L * width, width);
        return new Block(
                floats(prefix + "ada_gss", 1, 1, 6, width),
                new Affine(part(qkv, 0, 3), floats(prefix + "sa.q_bias", width)),
                new Affine(part(qkv, 1, 3), null),
                new Affine(part(qkv, 2, 3), floats(prefix + "sa.v_bias", width)),
                scale,
                affine(prefix + "sa.proj", width, width),
                floats(prefix + "ca_norm.weight", width),
                floats(prefix + "ca_norm.bias", width),
                affine(prefix + "ca.mat_q", width, width),
                textKeys(prefix + "ca.", width),
                affine(prefix + "ca.proj", width, width),
                affine(prefix + "ffn.fc1", hidden, width),
                affine(prefix + "ffn.fc2", width, hidden));
    }

    private TextKeys textKeys(String prefix, int inputs) {
        StoredTensor both = file.get(prefix + "mat_kv.weight").expect(2L * width, inputs);
        return new TextKeys(
                new Affine(part(both, 0, 2), null), new Affine(part(both, 1, 2), floats(prefix + "v_bias", width)));
    }

    private Affine affine(String name, int outputs, int inputs) {
        StoredTensor weight = file.get(name + ".weight").expect(outputs, inputs);
        return new Affine(part(weight, 0, 1), floats(name + ".bias", outputs));
    }

    /** Packs one of {@code parts} equal slices of the rows of a matrix. */
    private Matrix part(StoredTensor matrix, int index, int parts) {
        int rows = Math.toIntExact(matrix.shape()[0] / parts);
        int columns = Math.toIntExact(matrix.shape()[1]);
        long bytes = matrix.bytes().byteSize() / parts;
        MemorySegment slice = matrix.bytes().asSlice(index * bytes, bytes);
        return engine.pack(slice, matrix.dtype(), rows, columns, storage);
    }

    private float[] floats(String name, long... shape) {
        return file.get(name).expect(shape).toFloats();
    }

    private int extent(String name, int axis) {
        long[] shape = file.get(name).shape();
        if (axis >= shape.length) {
            throw new InputRefused(
                    file.origin() + ": tensor " + name + " has " + shape.length + " axes, expected more than " + axis);
        }
        return Math.toIntExact(shape[axis]);
    }
}
