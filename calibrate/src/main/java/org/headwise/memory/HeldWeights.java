package org.headwise.memory;

import java.util.Map;
import java.util.regex.Pattern;
import org.headwise.checkpoint.TensorInfo;
import org.headwise.tensor.DType;

/**
 * Bytes that the weights of a part take once they are read: matrices packed outside the heap, the others as float32 in it.
 *
 * @param packed bytes outside the Java heap
 * @param heap bytes in it
 */
public record HeldWeights(long packed, long heap) {
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

    static final HeldWeights NONE = new HeldWeights(0, 0);

    HeldWeights plus(HeldWeights other) {
        return new HeldWeights(packed + other.packed, heap + other.heap);
    }

    /** A transformer with matrices of a type, in panels of so many outputs. */
    static HeldWeights transformer(Map<String, TensorInfo> tensors, DType storage, int panel) {
        return tensors.entrySet().stream()
                .filter(entry -> !LEFT.matcher(entry.getKey()).matches())
                .map(entry -> tensor(entry.getKey(), entry.getValue(), storage, panel))
                .reduce(NONE, HeldWeights::plus);
    }

    private static HeldWeights tensor(String name, TensorInfo tensor, DType storage, int panel) {
        if (tensor.shape().length != 2 || TABLE.matcher(name).matches()) {
            return new HeldWeights(0, 4 * tensor.elements());
        }
        int parts = name.endsWith("mat_qkv.weight") || name.endsWith("wqkv.weight")
                ? 3
                : name.endsWith("mat_kv.weight") ? 2 : 1;
        return new HeldWeights(parts * packed(tensor.shape()[0] / parts, tensor.shape()[1], storage, panel), 0);
    }

    /** Bytes of one packed matrix: its last panel is filled up. */
    static long packed(long outputs, long inputs, DType storage, int panel) {
        return Math.ceilDiv(outputs, (long) panel) * panel * inputs * storage.bytes();
    }

    /** The image tokenizer: what decoding needs. */
    static HeldWeights image(Map<String, TensorInfo> tensors, String family) {
        long numbers = tensors.entrySet().stream()
                .filter(entry -> DECODER.matcher(entry.getKey()).matches())
                .filter(entry -> !entry.getKey().contains("encoder."))
                .mapToLong(entry -> entry.getValue().elements())
                .sum();
        return new HeldWeights(0, 4 * numbers);
    }

    /** A T5 encoder, whose matrices and embeddings keep the type of the file. */
    static HeldWeights text(Map<String, TensorInfo> tensors, int panel) {
        long packed = 0;
        long heap = 0;
        for (Map.Entry<String, TensorInfo> entry : tensors.entrySet()) {
            TensorInfo tensor = entry.getValue();
            if (TEXT_MATRIX.matcher(entry.getKey()).matches()) {
                boolean half = tensor.dtype() == DType.F16 || tensor.dtype() == DType.BF16;
                packed += packed(tensor.shape()[0], tensor.shape()[1], half ? tensor.dtype() : DType.F32, panel);
            } else if (entry.getKey().startsWith("encoder.block.")) {
                heap += 4 * tensor.elements();
            }
        }
        TensorInfo table = tensors.getOrDefault("shared.weight", tensors.get("encoder.embed_tokens.weight"));
        heap += table == null ? 0 : table.elements() * table.dtype().bytes();
        return new HeldWeights(packed, heap);
    }
}
