package org.headwise.synth;

import java.util.List;
import java.util.Map;
import org.headwise.files.InputRefused;

/**
 * The released models whose shapes are known here, and the parts that several of them share. Tokenizers are those of the
 * bundled models: their ids fit into the larger vocabularies.
 */
public final class SyntheticModels {
    private static final List<Integer> PATCH_16 = List.of(1, 2, 4, 4, 4);
    private static final List<Integer> PATCH_8 = List.of(1, 2, 4, 4);
    private static final int TEXT_WIDTH = 2048;
    private static final int TEXT_LIMIT = 512;

    private static final List<String> NAMES = List.of(
            "infinity-125m",
            "infinity-2b",
            "infinity-8b",
            "janus-pro-1b",
            "janus-pro-7b",
            "flan-t5-xl",
            "infinity-vae-d16",
            "infinity-vae-d32",
            "infinity-vae-d56-patchify",
            "vq-16");

    private SyntheticModels() {}

    /** Names that {@link #get} takes. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * A model or part.
     *
     * @param layers most transformer layers, of the text encoder too; 0 for all
     * @param resolution of an Infinity model, for example {@code 0.25M}, or null for that of the release
     * @throws InputRefused if there is none of that name, listing the names
     */
    public static SyntheticModel get(String name, int layers, String resolution) {
        String what = layers == 0 ? "" : "cut to at most " + layers + (layers == 1 ? " layer" : " layers");
        String pn = resolution == null ? "1M" : resolution;
        return switch (name) {
            case "infinity-125m" ->
                infinity(12, 768, 8, 4, 16, layers, vae("d16"), resolution == null ? "0.06M" : pn, 1, 1.0)
                        .model(name, what);
            case "infinity-2b" ->
                infinity(32, 2048, 16, 8, 32, layers, vae("d32"), pn, 1, 0.5).model(name, what);
            case "infinity-8b" ->
                infinity(40, 3584, 28, 8, 56, layers, vae("d56-patchify"), pn, 4, 1.0)
                        .model(name, what);
            case "janus-pro-1b" -> janus(24, 2048, 16, 5632, layers, 1).model(name, what);
            case "janus-pro-7b" -> janus(30, 4096, 32, 11008, layers, 2).model(name, what);
            case "flan-t5-xl" -> T5Folder.model(name, what, text(layers));
            case "infinity-vae-d16", "infinity-vae-d32", "infinity-vae-d56-patchify" ->
                part(
                        name,
                        new SyntheticPart(
                                "",
                                "vae",
                                1,
                                vae(name.substring("infinity-vae-".length())).tensors()));
            case "vq-16" -> part(name, new SyntheticPart("", "model", 1, vq16("").tensors()));
            default ->
                throw new InputRefused(
                        "there are no shapes of \"" + name + "\", expected one of " + String.join(", ", NAMES));
        };
    }

    private static SyntheticModel part(String name, SyntheticPart part) {
        return new SyntheticModel(name, "", List.of(part), Map.of(), Map.of());
    }

    private static InfinityFolder infinity(
            int depth,
            int width,
            int heads,
            int chunks,
            int bits,
            int layers,
            InfinityVaeLayout vae,
            String resolution,
            int shards,
            double temperature) {
        int kept = most(depth, layers);
        InfinityLayout transformer =
                new InfinityLayout(kept, width, heads, Math.min(kept, chunks), bits, TEXT_WIDTH, TEXT_LIMIT);
        boolean patchify = bits == 4 * vae.bits();
        return new InfinityFolder(transformer, vae, text(layers), patchify, resolution, shards, 4, temperature);
    }

    private static JanusFolder janus(int depth, int width, int heads, int hidden, int layers, int shards) {
        VqLayout image = vq16("gen_vision_model.");
        return new JanusFolder(new JanusLayout(most(depth, layers), width, heads, hidden, 102400, image), shards, 24);
    }

    private static T5Layout text(int layers) {
        return new T5Layout(most(24, layers), TEXT_WIDTH, 32, 64, 5120, 32128, 32);
    }

    private static InfinityVaeLayout vae(String name) {
        return switch (name) {
            case "d16" -> new InfinityVaeLayout(16, 16, 128, PATCH_16, 2);
            case "d32" -> new InfinityVaeLayout(32, 16, 128, PATCH_16, 2);
            default -> new InfinityVaeLayout(14, 8, 128, PATCH_8, 2);
        };
    }

    static VqLayout vq16(String prefix) {
        return new VqLayout(prefix, 128, List.of(1, 1, 2, 2, 4), 2, 256, 16384, 8);
    }

    private static int most(int depth, int layers) {
        return layers == 0 ? depth : Math.min(depth, layers);
    }
}
