package org.headwise.model.infinity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.KvCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.datasets.Picture;
import org.headwise.model.FiniteWeights;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.ImageModel;
import org.headwise.model.ModelPart;
import org.headwise.model.ModelSource;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.model.image.Pictures;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.headwise.text.T5Config;
import org.headwise.text.T5Encoder;
import org.headwise.text.Tokenizer;

/** An Infinity model from a folder: text encoder, next-scale transformer and image decoder. */
public final class InfinityModel implements ImageModel {
    private final InfinityConfig config;
    private final List<Grid> schedule;
    private final InfinityGenerator generator;
    private final InfinityVae vae;
    private final Tokenizer tokenizer;
    private final T5Encoder encoder;
    /** Those that weights were left in: always that of the text encoder, if the engine can read it there. */
    private final List<Checkpoint> files;

    private final FiniteWeights weights;

    private InfinityModel(
            InfinityConfig config,
            InfinityGenerator generator,
            InfinityVae vae,
            Tokenizer tokenizer,
            T5Encoder encoder,
            List<Checkpoint> files,
            FiniteWeights weights) {
        this.config = config;
        this.schedule = InfinityGeometries.schedule(config.pn(), config.heightOverWidth());
        this.generator = generator;
        this.vae = vae;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.files = List.copyOf(files);
        this.weights = weights;
    }

    /**
     * Opens a model.
     *
     * @param source where its configuration and files are
     * @param engine runs the model; closed by the caller
     * @param storage number format of the transformer's matrices in memory, or null to leave them in their files
     */
    public static InfinityModel open(ModelSource source, Engine engine, DType storage) {
        InfinityConfig config = InfinityConfig.read(source.config(), source.origin());
        Path text = source.part(ModelPart.TEXT_ENCODER, config.textEncoder());
        FiniteWeights weights = new FiniteWeights();
        List<Checkpoint> kept = new ArrayList<>();
        boolean open = false;
        try {
            InfinityGenerator generator = read(
                    weights.open(source.part(ModelPart.TRANSFORMER, config.transformer())),
                    storage,
                    kept,
                    file -> new InfinityGenerator(file, config, engine, storage));
            InfinityVae vae = read(
                    weights.open(source.part(ModelPart.VAE, config.vae())),
                    DType.F32,
                    kept,
                    file -> InfinityVae.decoderOf(file, engine));
            T5Config sizes = T5Config.read(text.resolve("config.json"));
            // Used once per prompt, which costs about as much as packing it would: so the text encoder takes no memory.
            boolean left = engine.canLeave();
            T5Encoder encoder = read(
                    Checkpoints.open(text),
                    left ? null : DType.F32,
                    kept,
                    file -> new T5Encoder(file, sizes, engine, !left));
            InfinityModel model = new InfinityModel(
                    config, generator, vae, Tokenizer.open(source.tokenizer(text)), encoder, kept, weights);
            open = true;
            return model;
        } finally {
            if (!open) {
                kept.forEach(Checkpoint::close);
            }
        }
    }

    /** Reads a part; its file is closed before the next one is opened, unless the weights stay in it. */
    private static <T> T read(Checkpoint file, DType storage, List<Checkpoint> kept, Function<Checkpoint, T> reader) {
        if (storage == null) {
            kept.add(file);
            return reader.apply(file);
        }
        try (file) {
            return reader.apply(file);
        }
    }

    @Override
    public Geometry geometry() {
        return generator.geometry(schedule);
    }

    @Override
    public Sampling sampling() {
        return config.sampling();
    }

    @Override
    public Generation generate(Request request, KvCache cache, AttentionObserver observer) {
        return weights.watch(() -> draw(request, cache, observer));
    }

    private Generation draw(Request request, KvCache cache, AttentionObserver observer) {
        InfinityGenerator.Plan plan = new InfinityGenerator.Plan(
                schedule,
                InfinityGeometries.largest(config.heightOverWidth()).getLast(),
                request.guidance(),
                request.temperature(),
                request.guidanceLayers(),
                request.topK(),
                request.topP(),
                request.forced(),
                request.keepLogits(),
                false);
        TextFeatures negative = request.negativePrompt() == null
                ? null
                : features(request.prompts().stream()
                        .map(p -> request.negativePrompt())
                        .toList());
        InfinityGenerator.Outcome outcome =
                generator.generate(features(request.prompts()), negative, plan, request.seeds(), cache, observer, null);
        cache.close();
        List<Picture> images =
                request.decode() ? Pictures.each(outcome.summed(), one -> vae.decode(one, null)) : List.of();
        return new Generation(outcome.bits(), 2, outcome.logits(), images, outcome.attentionNanos());
    }

    /** T5 features of prompts, cut at the longest text that the transformer takes. */
    private TextFeatures features(List<String> prompts) {
        List<Tensor> texts = prompts.stream()
                .map(prompt -> encoder.encode(tokenizer.encode(prompt)))
                .toList();
        return TextFeatures.join(texts);
    }

    @Override
    public void close() {
        tokenizer.close();
        files.forEach(Checkpoint::close);
    }
}
