package org.headwise.memory;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.TensorInfo;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.KnownModel;
import org.headwise.model.ModelPart;
import org.headwise.model.ModelSource;
import org.headwise.model.infinity.InfinityConfig;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.model.janus.JanusConfig;
import org.headwise.model.janus.JanusModel;
import org.headwise.model.llamagen.LlamaGenConfig;
import org.headwise.model.var.VarConfig;
import org.headwise.synth.SyntheticModel;
import org.headwise.synth.SyntheticModels;
import org.headwise.tensor.DType;

/**
 * Types and shapes of all tensors of a model and its geometry: what its memory can be planned from. No weights are read.
 *
 * @param family name of the family
 * @param image tensors of the image tokenizer
 * @param text tensors of the text encoder; empty if there is none
 * @param latent cells of an image that the image tokenizer decodes
 * @param textLimit most text tokens that the model attends to
 */
public record ModelShapes(
        String family,
        Geometry geometry,
        Map<String, TensorInfo> transformer,
        Map<String, TensorInfo> image,
        Map<String, TensorInfo> text,
        Grid latent,
        int textLimit) {
    private static final int RASTER_TEXT = 4096;

    /** What the template of Janus puts around a prompt. */
    private static final int TEMPLATE = 16;

    /** Reads the headers of a model's files. */
    public static ModelShapes of(ModelSource source) {
        String family = source.family().name();
        switch (family) {
            case "infinity" -> {
                InfinityConfig config = InfinityConfig.read(source.config(), source.origin());
                return infinity(
                        config,
                        headers(source.part(ModelPart.TRANSFORMER, config.transformer())),
                        headers(source.part(ModelPart.VAE, config.vae())),
                        headers(source.part(ModelPart.TEXT_ENCODER, config.textEncoder())));
            }
            case "janus" -> {
                JanusConfig config = JanusConfig.read(source.part(ModelPart.CONFIG, "config.json"));
                Geometry geometry = Geometry.raster(
                        family, config.layers(), config.heads(), config.kvHeads(), config.headDim(), config.image());
                return raster(geometry, headers(JanusModel.weights(source)), null, Map.of());
            }
            case "var" -> {
                VarConfig config = VarConfig.read(source.config(), source.origin());
                Map<String, TensorInfo> transformer = headers(source.part(ModelPart.TRANSFORMER, config.transformer()));
                Map<String, TensorInfo> image = headers(source.part(ModelPart.VAE, config.vae()));
                int width = extent(transformer, "pos_start", 2);
                int heads = config.heads() > 0 ? config.heads() : width / 64;
                TensorInfo scale = transformer.get("blocks.0.attn.scale_mul_1H11");
                heads = config.heads() == 0 && scale != null ? (int) scale.shape()[1] : heads;
                List<Grid> steps = config.scales().stream()
                        .map(side -> new Grid(side, side))
                        .toList();
                Geometry geometry =
                        new Geometry(family, layers(transformer, "blocks."), heads, heads, width / heads, steps);
                return new ModelShapes(family, geometry, transformer, image, Map.of(), steps.getLast(), 0);
            }
            case "llamagen" -> {
                LlamaGenConfig config = LlamaGenConfig.read(source.config(), source.origin());
                Map<String, TensorInfo> transformer = headers(source.part(ModelPart.TRANSFORMER, config.transformer()));
                int width = extent(transformer, "norm.weight", 0);
                int heads = config.heads() == 0 ? width / 64 : config.heads();
                Geometry geometry = Geometry.raster(
                        family, layers(transformer, "layers."), heads, heads, width / heads, config.image());
                boolean words = transformer.containsKey("cls_embedding.uncond_embedding");
                return raster(
                        geometry,
                        transformer,
                        headers(source.part(ModelPart.VAE, config.vae())),
                        words ? headers(source.part(ModelPart.TEXT_ENCODER, config.textEncoder())) : Map.of());
            }
            default ->
                throw new InputRefused(source.origin() + ": the memory of models of " + family + " is not known");
        }
    }

    /** The shapes of a released model whose files need not be here; empty where they are not known. */
    public static Optional<ModelShapes> of(KnownModel known, DType stored) {
        String name = known.name().equals("janus-1.3b")
                ? "janus-pro-1b"
                : known.name().replace("-512", "");
        if (!SyntheticModels.names().contains(name)) {
            return Optional.empty();
        }
        SyntheticModel made = SyntheticModels.get(name, 0, null);
        if (known.family().equals("janus")) {
            return Optional.of(raster(known.geometry(), made.tensors(0, stored), null, Map.of()));
        }
        InfinityConfig config = InfinityConfig.read(known.config(), known.name());
        return Optional.of(infinity(config, made.tensors(0, stored), made.tensors(1, stored), made.tensors(2, stored)));
    }

    private static ModelShapes infinity(
            InfinityConfig config,
            Map<String, TensorInfo> transformer,
            Map<String, TensorInfo> image,
            Map<String, TensorInfo> text) {
        int width = extent(transformer, "pos_start", 2);
        int layers = (int) transformer.keySet().stream()
                .filter(name -> name.endsWith(".ada_gss"))
                .count();
        int heads = transformer.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".sa.scale_mul_1H11"))
                .mapToInt(entry -> (int) entry.getValue().shape()[1])
                .findFirst()
                .orElseThrow(() -> new InputRefused("there is no tensor sa.scale_mul_1H11 in the transformer"));
        List<Grid> steps = InfinityGeometries.schedule(config.pn(), config.heightOverWidth());
        Grid last = steps.getLast();
        return new ModelShapes(
                "infinity",
                new Geometry("infinity", layers, heads, heads, width / heads, steps),
                transformer,
                image,
                text,
                config.patchify() ? new Grid(2 * last.height(), 2 * last.width()) : last,
                extent(transformer, "cfg_uncond", 0));
    }

    private static ModelShapes raster(
            Geometry geometry,
            Map<String, TensorInfo> transformer,
            Map<String, TensorInfo> image,
            Map<String, TensorInfo> text) {
        TensorInfo none = transformer.get("cls_embedding.uncond_embedding");
        boolean classes = geometry.family().equals("llamagen") && none == null;
        return new ModelShapes(
                geometry.family(),
                geometry,
                transformer,
                image == null ? transformer : image,
                text,
                geometry.raster(),
                classes ? 1 : none == null ? RASTER_TEXT : (int) none.shape()[0]);
    }

    private static Map<String, TensorInfo> headers(Path path) {
        try (Checkpoint file = Checkpoints.open(path)) {
            Map<String, TensorInfo> tensors = new LinkedHashMap<>();
            file.names().forEach(name -> tensors.put(name, file.describe(name)));
            return tensors;
        }
    }

    private static int layers(Map<String, TensorInfo> tensors, String prefix) {
        return (int) IntStream.iterate(0, i -> i + 1)
                .takeWhile(i -> tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix + i + ".")))
                .count();
    }

    private static int extent(Map<String, TensorInfo> tensors, String name, int axis) {
        TensorInfo tensor = tensors.get(name);
        if (tensor == null || tensor.shape().length <= axis) {
            throw new InputRefused("there is no tensor " + name + " of " + (axis + 1)
                    + " axes in the transformer, so its memory cannot be planned");
        }
        return Math.toIntExact(tensor.shape()[axis]);
    }

    /** An Infinity model at another resolution, with the aspect ratio that it has; nothing for other models. */
    public Optional<ModelShapes> at(String resolution) {
        if (!family.equals("infinity")) {
            return Optional.empty();
        }
        double ratio = InfinityGeometries.templateOf(geometry.steps()).orElse(1);
        List<Grid> steps = InfinityGeometries.schedule(resolution, ratio);
        int scale = latent.height() / geometry.steps().getLast().height();
        Grid last = steps.getLast();
        return Optional.of(new ModelShapes(
                family,
                new Geometry(
                        family, geometry.layers(), geometry.heads(), geometry.kvHeads(), geometry.headDim(), steps),
                transformer,
                image,
                text,
                new Grid(scale * last.height(), scale * last.width()),
                textLimit));
    }

    /** The same model with a text encoder whose file was converted. */
    public ModelShapes withText(DType type) {
        Map<String, TensorInfo> converted = new LinkedHashMap<>();
        text.forEach((name, tensor) -> converted.put(name, new TensorInfo(type, tensor.shape())));
        return new ModelShapes(family, geometry, transformer, image, converted, latent, textLimit);
    }

    /** Tokens that a prompt of so many has in the model, with what is put around it and cut off where that is too long. */
    public int promptTokens(int textTokens) {
        int tokens = family.equals("janus") ? textTokens + TEMPLATE : textTokens;
        return Math.min(tokens, Math.max(1, textLimit));
    }

    /** The geometry with what a prompt of so many tokens adds to the cache. */
    public Geometry prompted(int textTokens) {
        return geometry.raster() == null ? geometry : geometry.withPrompt(promptTokens(textTokens));
    }

    /** Whether the text encoder stays in its file. */
    boolean leavesText() {
        return family.equals("infinity");
    }

    /** Whether the files hold the text encoder as float32. */
    public boolean hasWideText() {
        return text.values().stream().anyMatch(tensor -> tensor.dtype() == DType.F32);
    }

    /** Numbers of one token between the layers. */
    int width() {
        return geometry.heads() * geometry.headDim();
    }

    /** Numbers inside the feed-forward. */
    int hidden() {
        return rows("ffn.fc1.weight", "mlp.gate_proj.weight", "feed_forward.w1.weight");
    }

    /** Logits of one token. */
    int logits() {
        return transformer.entrySet().stream()
                .filter(entry -> List.of("head.weight", "output.weight", "gen_head.vision_head.weight")
                        .contains(entry.getKey()))
                .mapToInt(entry -> (int) entry.getValue().shape()[0])
                .max()
                .orElse(0);
    }

    private int rows(String... ends) {
        return transformer.entrySet().stream()
                .filter(entry -> List.of(ends).stream().anyMatch(entry.getKey()::endsWith))
                .mapToInt(entry -> (int) entry.getValue().shape()[0])
                .max()
                .orElse(4 * width());
    }
}
