package org.headwise.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a checkpoint holds of a model, told by the names of its tensors; shapes then say how large it is. */
public enum PartKind {
    INFINITY_TRANSFORMER(
            "infinity",
            "transformer",
            names -> names.contains("word_embed.weight") && ends(names, ".sa.scale_mul_1H11")),
    VAR_TRANSFORMER("var", "transformer", names -> names.contains("blocks.0.attn.scale_mul_1H11")),
    JANUS("janus", "transformer and image tokenizer", names -> names.contains("gen_head.vision_head.weight")),
    LLAMAGEN_TRANSFORMER("llamagen", "transformer", names -> names.contains("layers.0.attention.wqkv.weight")),
    T5_ENCODER("t5", "text encoder", names -> names.contains("encoder.block.0.layer.0.SelfAttention.q.weight")),
    VAR_TOKENIZER("var", "image tokenizer", names -> names.contains("quantize.quant_resi.qresi_ls.0.weight")),
    VQ_TOKENIZER("llamagen", "image tokenizer", names -> names.contains("quantize.embedding.weight")),
    INFINITY_TOKENIZER(
            "infinity",
            "image tokenizer",
            names -> names.contains("decoder.conv_in.conv.weight") || names.contains("decoder.conv_in.weight")),
    /** A part of nothing that this version knows. */
    OTHER("", "other tensors", names -> true);

    private static final Pattern BLOCK = Pattern.compile(
            "(block_chunks\\.\\d+\\.module\\.\\d+|blocks\\.\\d+|layers\\.\\d+|language_model\\.model\\.layers"
                    + "\\.\\d+|encoder\\.block\\.\\d+)\\..*");

    private final String family;
    private final String role;
    private final Predicate<Set<String>> recognised;

    PartKind(String family, String role, Predicate<Set<String>> recognised) {
        this.family = family;
        this.role = role;
        this.recognised = recognised;
    }

    /** The model family, {@code t5} for text encoders, or empty. */
    public String family() {
        return family;
    }

    /** In plain words. */
    public String role() {
        return role;
    }

    /** What these tensors are. */
    static PartKind of(Set<String> names) {
        for (PartKind kind : values()) {
            if (kind.recognised.test(names)) {
                return kind;
            }
        }
        return OTHER;
    }

    /** Sizes that the tensors tell: layers, width, heads, head_dim and the like, those that apply. */
    Map<String, Long> sizes(Checkpoint file) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        long layers = file.names().stream()
                .map(BLOCK::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .distinct()
                .count();
        if (layers > 0) {
            sizes.put("layers", layers);
        }
        switch (this) {
            case INFINITY_TRANSFORMER -> {
                put(sizes, "width", file, "pos_start", 2);
                heads(sizes, file, ".sa.scale_mul_1H11");
                put(sizes, "bits", file, "word_embed.weight", 1);
                put(sizes, "text_width", file, "text_norm.weight", 0);
            }
            case VAR_TRANSFORMER -> {
                put(sizes, "width", file, "pos_start", 2);
                heads(sizes, file, ".attn.scale_mul_1H11");
                put(sizes, "vocabulary", file, "head.weight", 0);
            }
            case JANUS -> {
                put(sizes, "width", file, "language_model.model.norm.weight", 0);
                put(sizes, "vocabulary", file, "gen_head.vision_head.weight", 0);
            }
            case LLAMAGEN_TRANSFORMER -> {
                put(sizes, "width", file, "norm.weight", 0);
                put(sizes, "vocabulary", file, "output.weight", 0);
            }
            case T5_ENCODER -> put(sizes, "width", file, "encoder.final_layer_norm.weight", 0);
            case INFINITY_TOKENIZER -> {
                put(sizes, "bits", file, "decoder.conv_in.conv.weight", 1);
                put(sizes, "bits", file, "decoder.conv_in.weight", 1);
            }
            case VAR_TOKENIZER, VQ_TOKENIZER -> put(sizes, "vocabulary", file, "quantize.embedding.weight", 0);
            case OTHER -> {}
        }
        return sizes;
    }

    private static void heads(Map<String, Long> sizes, Checkpoint file, String end) {
        file.names().stream().filter(name -> name.endsWith(end)).findFirst().ifPresent(name -> {
            put(sizes, "heads", file, name, 1);
            Long width = sizes.get("width");
            Long heads = sizes.get("heads");
            if (width != null && heads != null && heads > 0 && width % heads == 0) {
                sizes.put("head_dim", width / heads);
            }
        });
    }

    private static void put(Map<String, Long> sizes, String what, Checkpoint file, String tensor, int axis) {
        if (file.names().contains(tensor)) {
            long[] shape = file.describe(tensor).shape();
            if (shape.length > axis) {
                sizes.put(what, shape[axis]);
            }
        }
    }

    private static boolean ends(Set<String> names, String end) {
        return names.stream().anyMatch(name -> name.endsWith(end));
    }
}
