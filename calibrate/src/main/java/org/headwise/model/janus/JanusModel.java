package org.headwise.model.janus;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.KvCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.datasets.Picture;
import org.headwise.files.InputRefused;
import org.headwise.model.FiniteWeights;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.ModelPart;
import org.headwise.model.ModelSource;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.model.image.VqDecoder;
import org.headwise.model.raster.RasterLoop;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.model.raster.RasterPlan;
import org.headwise.model.raster.RasterSteps;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** A Janus or Janus-Pro model from a folder in the released layout: tokenizer, Llama trunk with image head, VQ decoder. */
public final class JanusModel implements ImageModel, RasterSteps {
    /** Prefix of the image tokenizer's tensors. */
    public static final String IMAGE_TOKENIZER = "gen_vision_model.";

    private final JanusConfig config;
    private final Checkpoint checkpoint;
    private final JanusGenerator generator;
    private final VqDecoder decoder;
    private final JanusText text;
    private final FiniteWeights weights;

    private JanusModel(
            JanusConfig config,
            Checkpoint checkpoint,
            JanusGenerator generator,
            VqDecoder decoder,
            JanusText text,
            FiniteWeights weights) {
        this.config = config;
        this.checkpoint = checkpoint;
        this.generator = generator;
        this.decoder = decoder;
        this.text = text;
        this.weights = weights;
    }

    /**
     * Opens a model.
     *
     * @param source a folder that holds {@code config.json}, {@code tokenizer.json} and the weights: {@code model.safetensors} or
     *     {@code pytorch_model.bin}, or shards with an index of such a name, or whatever one checkpoint there is
     * @param engine runs the model; closed by the caller
     * @param storage number format of the trunk's matrices in memory, or null to leave them in their files
     */
    public static JanusModel open(ModelSource source, Engine engine, DType storage) {
        JanusConfig config = JanusConfig.read(source.part(ModelPart.CONFIG, "config.json"));
        FiniteWeights weights = new FiniteWeights();
        Checkpoint checkpoint = weights.open(weights(source));
        try {
            JanusGenerator generator = new JanusGenerator(checkpoint, config, engine, storage);
            VqDecoder decoder = new VqDecoder(checkpoint, IMAGE_TOKENIZER, engine);
            if (decoder.codes() != generator.codes()) {
                throw new InputRefused(checkpoint.origin() + ": the codebook has " + decoder.codes()
                        + " codes, the trunk " + generator.codes());
            }
            JanusText text = JanusText.open(tokenizer(source), config.prompts());
            return new JanusModel(config, checkpoint, generator, decoder, text, weights);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private static Path tokenizer(ModelSource source) {
        return source.parts().getOrDefault(ModelPart.TOKENIZER, beside(source).resolve("tokenizer.json"));
    }

    /** The folder of the model; released models whose parts lie apart have none. */
    private static Path beside(ModelSource source) {
        return source.folder() == null ? Path.of("") : source.folder();
    }

    /** Where the weights are: a part of their own, or under the usual names in the folder. */
    public static Path weights(ModelSource source) {
        if (source.parts().containsKey(ModelPart.TRANSFORMER)) {
            return source.parts().get(ModelPart.TRANSFORMER);
        }
        Path folder = beside(source);
        for (String name : List.of(
                "model.safetensors.index.json",
                "model.safetensors",
                "pytorch_model.bin.index.json",
                "pytorch_model.bin")) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        return folder;
    }

    @Override
    public Geometry geometry() {
        return generator.geometry(config.image());
    }

    @Override
    public Sampling sampling() {
        return config.sampling();
    }

    @Override
    public int promptTokens(String prompt) {
        return text.ids(prompt).length;
    }

    @Override
    public Generation generate(Request request, KvCache cache, AttentionObserver observer) {
        return weights.watch(() -> draw(request, cache, observer));
    }

    private Generation draw(Request request, KvCache cache, AttentionObserver observer) {
        RasterPlan plan = RasterPlan.of(request, config.image(), "Janus");
        List<int[]> prompts = request.prompts().stream().map(text::ids).toList();
        RasterOutcome outcome = generator.generate(prompts, text.pad(), plan, request.seeds(), cache, observer, null);
        cache.close();
        List<Picture> images = request.decode() ? decoder.pictures(outcome.used(), config.image()) : List.of();
        return new Generation(outcome.ids(), generator.codes(), outcome.logits(), images, outcome.attentionNanos());
    }

    @Override
    public void steps(
            int images, Sampling sampling, int promptTokens, int first, int count, KvCache cache, IntConsumer after) {
        Geometry geometry = geometry().withPrompt(promptTokens);
        RasterLoop loop = new RasterLoop(generator, RasterPlan.of(sampling, config.image()));
        weights.watch(() -> {
            loop.stretch(geometry, images, first, count, cache, after);
            return null;
        });
    }

    @Override
    public void close() {
        text.close();
        checkpoint.close();
    }
}
