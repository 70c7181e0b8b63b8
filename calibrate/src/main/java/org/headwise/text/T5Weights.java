package org.headwise.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;
import org.headwise.tensor.Tensor;

/**
 * The encoder half of a T5 checkpoint. Decoder and output head are never touched. Matrices keep the precision they have
 * in the file; if they are copied out of it, it may be closed afterwards.
 */
final class T5Weights {
    /** One encoder block. */
    record Block(
            float[] attentionNorm,
            Matrix query,
            Matrix key,
            Matrix value,
            Matrix output,
            float[] feedForwardNorm,
            Matrix gate,
            Matrix up,
            Matrix down) {}

    final StoredTensor embedding;
    final float[] positionBias;
    final List<Block> blocks = new ArrayList<>();
    final float[] finalNorm;

    private final Checkpoint file;
    private final Engine engine;
    private final boolean copied;
    private final List<StoredTensor> left = new ArrayList<>();

    /** @param copied whether to copy the matrices out of the file; otherwise it must stay open */
    T5Weights(Checkpoint file, T5Config config, Engine engine, boolean copied) {
        this.file = file;
        this.engine = engine;
        this.copied = copied;
        int inner = Math.multiplyExact(config.heads(), config.headWidth());
        embedding = embedding(config.width());
        positionBias = floats(
                "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                config.buckets(),
                config.heads());
        for (int i = 0; i < config.layers(); i++) {
            String attention = "encoder.block." + i + ".layer.0.";
            String feedForward = "encoder.block." + i + ".layer.1.";
            blocks.add(new Block(
                    floats(attention + "layer_norm.weight", config.width()),
                    matrix(attention + "SelfAttention.q.weight", inner, config.width()),
                    matrix(attention + "SelfAttention.k.weight", inner, config.width()),
                    matrix(attention + "SelfAttention.v.weight", inner, config.width()),
                    matrix(attention + "SelfAttention.o.weight", config.width(), inner),
                    floats(feedForward + "layer_norm.weight", config.width()),
                    matrix(feedForward + "DenseReluDense.wi_0.weight", config.hidden(), config.width()),
                    matrix(feedForward + "DenseReluDense.wi_1.weight", config.hidden(), config.width()),
                    matrix(feedForward + "DenseReluDense.wo.weight", config.width(), config.hidden())));
        }
        if (file.find("encoder.block." + config.layers() + ".layer.0.layer_norm.weight")
                .isPresent()) {
            throw new InputRefused(file.origin() + ": the file has more encoder blocks than the " + config.layers()
                    + " that its config.json names as num_layers");
        }
        finalNorm = floats("encoder.final_layer_norm.weight", config.width());
    }

    /** The table is tied to several names; savers keep one of them. */
    private StoredTensor embedding(int width) {
        StoredTensor table = file.find("shared.weight").orElseGet(() -> file.get("encoder.embed_tokens.weight"));
        if (table.shape().length != 2 || table.shape()[1] != width) {
            throw new InputRefused(file.origin() + ": tensor " + table.name() + " has shape "
                    + java.util.Arrays.toString(table.shape()) + ", expected [vocabulary, " + width + "]");
        }
        if (!copied) {
            left.add(table);
            return table;
        }
        MemorySegment copy = MemorySegment.ofArray(table.bytes().toArray(ValueLayout.JAVA_BYTE));
        table.release();
        return new StoredTensor(table.origin(), table.name(), table.dtype(), table.shape(), copy);
    }

    /** Gives the memory of weights that were left in the file back to the system, until they are read again. */
    void release() {
        left.forEach(StoredTensor::release);
    }

    /** Number of ids. */
    int vocabulary() {
        return Math.toIntExact(embedding.shape()[0]);
    }

    /** Embeddings [ids, width]. */
    Tensor embed(int[] ids) {
        int width = Math.toIntExact(embedding.shape()[1]);
        Tensor out = Tensor.zeros(ids.length, width);
        long rowBytes = (long) width * embedding.dtype().bytes();
        for (int i = 0; i < ids.length; i++) {
            StoredTensor row = new StoredTensor(
                    embedding.origin(),
                    embedding.name(),
                    embedding.dtype(),
                    new long[] {width},
                    embedding.bytes().asSlice(ids[i] * rowBytes, rowBytes));
            if (row.firstNotFiniteFloat() >= 0) {
                requireFinite(embedding);
            }
            System.arraycopy(row.toFloats(), 0, out.data(), i * width, width);
        }
        return out;
    }

    private Matrix matrix(String name, int outputs, int inputs) {
        StoredTensor weight = file.get(name).expect(outputs, inputs);
        DType type = weight.dtype();
        requireFinite(weight);
        if (type != DType.F16 && type != DType.BF16 && type != DType.F32) {
            return engine.pack(weight.toFloats(), outputs, inputs, DType.F32);
        }
        if (!copied && weight.bytes().isMapped()) {
            left.add(weight);
            weight.release();
            return engine.leave(weight.bytes(), type, outputs, inputs);
        }
        Matrix packed = engine.pack(weight.bytes(), type, outputs, inputs, type);
        weight.release();
        return packed;
    }

    private float[] floats(String name, long... shape) {
        StoredTensor stored = file.get(name).expect(shape);
        requireFinite(stored);
        return stored.toFloats();
    }

    private static void requireFinite(StoredTensor stored) {
        long odd = stored.firstNotFiniteFloat();
        if (odd >= 0) {
            throw new InputRefused(
                    stored.problem(odd) + "; every weight must be a number, so fetch or make the file again");
        }
    }
}
