package org.headwise.model.llamagen;

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
import org.headwise.model.ModelFiles;
import org.headwise.model.ModelPart;
import org.headwise.model.ModelSource;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.model.image.ClassLabel;
import org.headwise.model.image.VqDecoder;
import org.headwise.model.raster.RasterLoop;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.model.raster.RasterPlan;
import org.headwise.model.raster.RasterSteps;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.headwise.text.T5Encoder;
import org.headwise.text.Tokenizer;

/**
 * A LlamaGen model from a folder: transformer, VQ decoder and, if it is text-conditional, a T5 encoder. A prompt of a
 * class-conditional model is the number of a class. Texts are taken as they are, without upstream's cleaning of captions.
 */
public final class LlamaGenModel implements ImageModel, RasterSteps {
    private final LlamaGenConfig config;
    private final Checkpoint checkpoint;
    private final LlamaGenGenerator generator;
    private final VqDecoder decoder;
    private final T5Encoder encoder;
    private final Tokenizer tokenizer;
    private final FiniteWeights weights;

    private LlamaGenModel(
            LlamaGenConfig config,
            Checkpoint checkpoint,
            LlamaGenGenerator generator,
            VqDecoder decoder,
            T5Encoder encoder,
            Tokenizer tokenizer,
            FiniteWeights weights) {
        this.config = config;
        this.checkpoint = checkpoint;
        this.generator = generator;
        this.decoder = decoder;
        this.encoder = encoder;
        this.tokenizer = tokenizer;
        this.weights = weights;
    }

    /**
     * Opens a model.
     *
     * @param source where its configuration and files are
     * @param engine runs the model; closed by the caller
     * @param storage number format of the transformer's matrices in memory
     */
    public static LlamaGenModel open(ModelSource source, Engine engine, DType storage) {
        ModelFiles.requirePacked(source.origin(), storage);
        LlamaGenConfig config = LlamaGenConfig.read(source.config(), source.origin());
        FiniteWeights weights = new FiniteWeights();
        Checkpoint checkpoint = weights.open(source.part(ModelPart.TRANSFORMER, config.transformer()));
        try (Checkpoint image = weights.open(source.part(ModelPart.VAE, config.vae()))) {
            LlamaGenGenerator generator = new LlamaGenGenerator(checkpoint, config, engine, storage);
            VqDecoder decoder = new VqDecoder(image, "", engine);
            if (decoder.codes() != generator.codes()) {
                throw new InputRefused(image.origin() + ": the codebook has " + decoder.codes()
                        + " codes, the transformer " + generator.codes());
            }
            if (!generator.textConditional()) {
                return new LlamaGenModel(config, checkpoint, generator, decoder, null, null, weights);
            }
            Path text = source.part(ModelPart.TEXT_ENCODER, config.textEncoder());
            T5Encoder encoder = T5Encoder.open(text, engine);
            Tokenizer tokenizer = Tokenizer.open(source.tokenizer(text));
            return new LlamaGenModel(config, checkpoint, generator, decoder, encoder, tokenizer, weights);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
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
        return generator.textConditional() ? tokenizer.encode(prompt, generator.textLimit()).length : 1;
    }

    @Override
    public Generation generate(Request request, KvCache cache, AttentionObserver observer) {
        return weights.watch(() -> draw(request, cache, observer));
    }

    private Generation draw(Request request, KvCache cache, AttentionObserver observer) {
        RasterPlan plan = RasterPlan.of(request, config.image(), "LlamaGen");
        List<Tensor> conditions = generator.textConditional()
                ? generator.ofTexts(
                        request.prompts().stream().map(this::features).toList(), plan.guided())
                : List.of(generator.ofClasses(
                        request.prompts().stream().map(ClassLabel::of).toList(), plan.guided()));
        RasterOutcome outcome = generator.generate(conditions, plan, request.seeds(), cache, observer, null);
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

    private Tensor features(String prompt) {
        return encoder.encode(tokenizer.encode(prompt, generator.textLimit()));
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
        checkpoint.close();
    }
}
