package org.headwise.memory;

import java.util.Map;
import java.util.regex.Pattern;
import org.headwise.checkpoint.TensorInfo;
import org.headwise.tensor.DType;
import org.headwise.tensor.PackedMatrix;

/**
 * Bytes that the weights of a part take once they are read.
 *
 * @param outside bytes outside the Java heap
 * @param direct those of them that count against {@code -XX:MaxDirectMemorySize}
 * @param library those of them that a library holds
 * @param heap bytes in the heap
 * @param mapped bytes that stay in their files: the system takes their pages back when it needs them
 */
public record HeldWeights(long outside, long direct, long library, long heap, long mapped) {
    /** Tensors that are in released files and never read, or read row by row where they lie. */
    private static final Pattern LEFT = Pattern.compile(".*zero_k_bias|attn_bias_for_masking|lvl_1L|freqs_cis"
            + "|language_model\\.model\\.embed_tokens\\.weight|gen_embed\\.weight|language_model\\.lm_head\\..*"
            + "|(vision_model|aligner|gen_vision_model)\\..*|tok_embeddings\\.weight"
            + "|cls_embedding\\.(embedding_table\\.weight|uncond_embedding)");

    private static final Pattern TABLE = Pattern.compile("lvl_embed\\.weight|class_emb\\.weight|cfg_uncond");
    private static final Pattern DECODER =
            Pattern.compile("(gen_vision_model\\.)?(encoder|decoder|post_quant_conv|quantize)\\..*");
    private static final Pattern TEXT_MATRIX =
            Pattern.compile("encoder\\.block\\.\\d+\\..*\\.(q|k|v|o|wi_0|wi_1|wo)\\.weight");

    static final HeldWeights NONE = new HeldWeights(0, 0, 0, 0, 0);

    HeldWeights plus(HeldWeights other) {
        return new HeldWeights(
                outside + other.outside,
                direct + other.direct,
                library + other.library,
                heap + other.heap,
                mapped + other.mapped);
    }

    private static HeldWeights inHeap(long bytes) {
        return new HeldWeights(0, 0, 0, bytes, 0);
    }

    private static HeldWeights byLibrary(long numbers) {
        return new HeldWeights(4 * numbers, 0, 4 * numbers, 0, 0);
    }

    private static HeldWeights inFile(TensorInfo tensor) {
        return new HeldWeights(0, 0, 0, 0, tensor.elements() * tensor.dtype().bytes());
    }

    /** A transformer's. */
    static HeldWeights transformer(Map<String, TensorInfo> tensors, WeightHolding holding) {
        return tensors.entrySet().stream()
                .filter(entry -> !LEFT.matcher(entry.getKey()).matches())
                .map(entry -> tensor(entry.getKey(), entry.getValue(), holding))
                .reduce(NONE, HeldWeights::plus);
    }

    private static HeldWeights tensor(String name, TensorInfo tensor, WeightHolding holding) {
        if (tensor.shape().length != 2 || TABLE.matcher(name).matches()) {
            return inHeap(4 * tensor.elements());
        }
        if (holding.inFiles()) {
            return inFile(tensor);
        }
        int parts = name.endsWith("mat_qkv.weight") || name.endsWith("wqkv.weight")
                ? 3
                : name.endsWith("mat_kv.weight") ? 2 : 1;
        HeldWeights held = NONE;
        for (int part = 0; part < parts; part++) {
            held = held.plus(matrix(tensor.shape()[0] / parts, tensor.shape()[1], holding.type(), holding.panel()));
        }
        return held;
    }

    private static HeldWeights matrix(long outputs, long inputs, DType type, int panel) {
        if (panel == 0) {
            return byLibrary(outputs * inputs);
        }
        long bytes = packed(outputs, inputs, type, panel);
        long taken = PackedMatrix.memory(bytes);
        return new HeldWeights(taken, PackedMatrix.limitedByJava(bytes) ? taken : 0, 0, 0, 0);
    }

    /** Bytes of one packed matrix: its last panel is filled up. */
    static long packed(long outputs, long inputs, DType storage, int panel) {
        return Math.ceilDiv(outputs, (long) panel) * panel * inputs * storage.bytes();
    }

    /** The image tokenizer: what decoding needs. A library has its convolutions a second time. */
    static HeldWeights image(Map<String, TensorInfo> tensors, WeightHolding holding) {
        return tensors.entrySet().stream()
                .filter(entry -> DECODER.matcher(entry.getKey()).matches())
                .filter(entry -> !entry.getKey().contains("encoder."))
                .map(Map.Entry::getValue)
                .map(tensor -> holding.library() && tensor.shape().length == 4
                        ? inHeap(4 * tensor.elements()).plus(byLibrary(tensor.elements()))
                        : inHeap(4 * tensor.elements()))
                .reduce(NONE, HeldWeights::plus);
    }

    /**
     * A T5 encoder's.
     *
     * @param left whether matrices and embeddings stay in their file; otherwise they keep its type
     */
    static HeldWeights text(Map<String, TensorInfo> tensors, boolean left, int panel) {
        HeldWeights held = NONE;
        for (Map.Entry<String, TensorInfo> entry : tensors.entrySet()) {
            TensorInfo tensor = entry.getValue();
            boolean floats = tensor.dtype() == DType.F32 || isHalf(tensor);
            if (!TEXT_MATRIX.matcher(entry.getKey()).matches()) {
                held = held.plus(entry.getKey().startsWith("encoder.block.") ? inHeap(4 * tensor.elements()) : NONE);
            } else if (left && floats) {
                held = held.plus(inFile(tensor));
            } else {
                DType type = isHalf(tensor) ? tensor.dtype() : DType.F32;
                held = held.plus(matrix(tensor.shape()[0], tensor.shape()[1], type, panel));
            }
        }
        TensorInfo table = tensors.getOrDefault("shared.weight", tensors.get("encoder.embed_tokens.weight"));
        if (table == null) {
            return held;
        }
        return held.plus(
                left ? inFile(table) : inHeap(table.elements() * table.dtype().bytes()));
    }

    private static boolean isHalf(TensorInfo tensor) {
        return tensor.dtype() == DType.F16 || tensor.dtype() == DType.BF16;
    }
}
