package org.headwise.model.var;

import java.util.List;
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
import org.headwise.model.image.Pictures;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** A class-conditional VAR model from a folder: transformer and image tokenizer. A prompt is the number of a class. */
public final class VarModel implements ImageModel {
    private final VarConfig config;
    private final VarGenerator generator;
    private final VarTokenizer tokenizer;
    private final FiniteWeights weights;

    private VarModel(VarConfig config, VarGenerator generator, VarTokenizer tokenizer, FiniteWeights weights) {
        this.config = config;
        this.generator = generator;
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
    public static VarModel open(ModelSource source, Engine engine, DType storage) {
        ModelFiles.requirePacked(source.origin(), storage);
        VarConfig config = VarConfig.read(source.config(), source.origin());
        FiniteWeights weights = new FiniteWeights();
        try (Checkpoint transformer = weights.open(source.part(ModelPart.TRANSFORMER, config.transformer()));
                Checkpoint image = weights.open(source.part(ModelPart.VAE, config.vae()))) {
            VarTokenizer tokenizer = new VarTokenizer(image, engine);
            VarGenerator generator = new VarGenerator(transformer, tokenizer, config, engine, storage);
            return new VarModel(config, generator, tokenizer, weights);
        }
    }

    @Override
    public Geometry geometry() {
        return generator.geometry();
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
        if (request.negativePrompt() != null
                || request.guidanceLayers().stream().anyMatch(layer -> layer != 0)
                || request.guidance().size() != 1
                || request.temperature().size() != 1) {
            throw new InputRefused(
                    "VAR has no negative prompts, mixes guidance on the logits only, and takes one guidance"
                            + " and one temperature for all scales");
        }
        VarGenerator.Plan plan = new VarGenerator.Plan(
                request.guidance().getFirst(),
                request.temperature().getFirst(),
                request.topK(),
                request.topP(),
                request.forced(),
                request.keepLogits());
        List<Integer> labels = request.prompts().stream().map(ClassLabel::of).toList();
        VarGenerator.Outcome outcome = generator.generate(labels, plan, request.seeds(), cache, observer, null);
        cache.close();
        List<Picture> images = request.decode() ? Pictures.each(outcome.summed(), tokenizer::decode) : List.of();
        return new Generation(outcome.ids(), generator.codes(), outcome.logits(), images, outcome.attentionNanos());
    }

    /** Nothing is held beyond the heap. */
    @Override
    public void close() {}
}
