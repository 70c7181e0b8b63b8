package org.headwise.model.llamagen;

import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.model.WeightReader;
import org.headwise.model.raster.LlamaTrunk.Block;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;

/**
 * The parameters of a LlamaGen transformer, packed for the kernels; sizes are read from the shapes of the tensors. Tables
 * are read row by row where they lie, so the checkpoint must stay open.
 */
final class LlamaGenWeights {
    private static final String CLASSES = "cls_embedding.embedding_table.weight";
    private static final String NULL_TEXT = "cls_embedding.uncond_embedding";
    private static final List<String> LAYER = List.of(
            "attention_norm",
            "attention.wqkv",
            "attention.wo",
            "ffn_norm",
            "feed_forward.w1",
            "feed_forward.w2",
            "feed_forward.w3");

    final int width;
    final int codes;
    final int heads;
    /** Embeddings of classes [classes + 1, width], the last one of none; null if the model is text-conditional. */
    final StoredTensor classes;
    /** Learnt features of no text [tokens, channels]; null if the model is class-conditional. */
    final StoredTensor nullText;
    /** From text features to embeddings, through a GELU between both; null if the model is class-conditional. */
    final Matrix textIn;

    final Matrix textOut;
    final StoredTensor imageTokens;
    final List<Block> blocks = new ArrayList<>();
    final float[] norm;
    final Matrix head;

    private final Checkpoint file;
    private final WeightReader weights;

    LlamaGenWeights(Checkpoint file, LlamaGenConfig config, Engine engine, DType storage) {
        this.file = file;
        weights = new WeightReader(file, engine, storage);
        boolean text = file.find(CLASSES).isEmpty();
        file.requireAll(names(text));
        imageTokens = weights.table("tok_embeddings.weight");
        codes = weights.rows("output.weight");
        width = weights.extent("norm.weight", 0);
        imageTokens.expect(codes, width);
        heads = config.heads() == 0 ? width / 64 : config.heads();
        if (heads == 0 || width % heads != 0 || width / heads % 4 != 0) {
            throw new InputRefused(file.origin() + ": width " + width + " does not divide into " + heads
                    + " heads of a multiple of four; say in config.json how many heads there are");
        }
        classes = text ? null : weights.table(CLASSES).expect(weights.rows(CLASSES), width);
        nullText = text ? weights.table(NULL_TEXT) : null;
        int channels = text ? Math.toIntExact(nullText.shape()[1]) : 0;
        textIn = text ? weights.matrix("cls_embedding.cap_proj.fc1.weight", width, channels) : null;
        textOut = text ? weights.matrix("cls_embedding.cap_proj.fc2.weight", width, width) : null;
        for (int layer = 0; layer < depth(); layer++) {
            blocks.add(block("layers." + layer + "."));
        }
        norm = weights.floats("norm.weight", width);
        head = weights.matrix("output.weight", codes, width);
    }

    private int depth() {
        int depth = 1;
        while (LAYER.stream().anyMatch(has("layers." + depth + "."))) {
            depth++;
        }
        return depth;
    }

    private java.util.function.Predicate<String> has(String prefix) {
        return name -> file.find(prefix + name + ".weight").isPresent();
    }

    private List<String> names(boolean text) {
        List<String> names = new ArrayList<>(
                text
                        ? List.of(NULL_TEXT, "cls_embedding.cap_proj.fc1.weight", "cls_embedding.cap_proj.fc2.weight")
                        : List.of(CLASSES));
        names.addAll(List.of("tok_embeddings.weight", "norm.weight", "output.weight"));
        for (int layer = 0; layer < depth(); layer++) {
            for (String name : LAYER) {
                names.add("layers." + layer + "." + name + ".weight");
            }
        }
        return names;
    }

    private Block block(String prefix) {
        int hidden = weights.rows(prefix + "feed_forward.w1.weight");
        StoredTensor qkv = file.get(prefix + "attention.wqkv.weight").expect(3L * width, width);
        Block block = new Block(
                weights.floats(prefix + "attention_norm.weight", width),
                weights.part(qkv, 0, 3),
                weights.part(qkv, 1, 3),
                weights.part(qkv, 2, 3),
                weights.matrix(prefix + "attention.wo.weight", width, width),
                weights.floats(prefix + "ffn_norm.weight", width),
                weights.matrix(prefix + "feed_forward.w1.weight", hidden, width),
                weights.matrix(prefix + "feed_forward.w3.weight", hidden, width),
                weights.matrix(prefix + "feed_forward.w2.weight", width, hidden));
        weights.release(qkv);
        return block;
    }
}
