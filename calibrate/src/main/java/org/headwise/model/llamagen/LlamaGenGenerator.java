package org.headwise.model.llamagen;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.KvCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.model.ForwardProbe;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.raster.EqualRuns;
import org.headwise.model.raster.LlamaTrunk;
import org.headwise.model.raster.RasterLoop;
import org.headwise.model.raster.RasterNetwork;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.model.raster.RasterPlan;
import org.headwise.model.raster.Rotation;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * LlamaGen from classes or text features to ids of image tokens. Upstream pads texts on the left and hides the pads from
 * everything, and text has no positions, so a text without its pads gives the same image.
 */
public final class LlamaGenGenerator implements RasterNetwork {
    private final LlamaGenWeights weights;
    private final LlamaGenConfig config;
    private final Engine engine;
    private final LlamaTrunk trunk;

    /** @param checkpoint must stay open as long as this generator is used */
    public LlamaGenGenerator(Checkpoint checkpoint, LlamaGenConfig config, Engine engine, DType storage) {
        this.weights = new LlamaGenWeights(checkpoint, config, engine, storage);
        this.config = config;
        this.engine = engine;
        this.trunk = new LlamaTrunk(weights.blocks, weights.norm, config.epsilon(), engine);
    }

    /** The geometry of this model for images of a grid, whatever the condition. */
    public Geometry geometry(Grid image) {
        int headDim = weights.width / weights.heads;
        return Geometry.raster("llamagen", weights.blocks.size(), weights.heads, weights.heads, headDim, image);
    }

    /** Whether images are made from text features rather than from classes. */
    public boolean textConditional() {
        return weights.classes == null;
    }

    /** Classes of a class-conditional model. */
    public int classes() {
        return Math.toIntExact(weights.classes.shape()[0]) - 1;
    }

    /** Longest text of a text-conditional model, in tokens. */
    public int textLimit() {
        return Math.toIntExact(weights.nullText.shape()[0]);
    }

    @Override
    public int codes() {
        return weights.codes;
    }

    @Override
    public LlamaTrunk trunk() {
        return trunk;
    }

    /** The condition of classes, [rows, 1, width]: each class and, if guided, no class after it. */
    public Tensor ofClasses(List<Integer> labels, boolean guided) {
        int rowsAnImage = guided ? 2 : 1;
        Tensor x = Tensor.zeros(labels.size() * rowsAnImage, 1, weights.width);
        for (int image = 0; image < labels.size(); image++) {
            int label = labels.get(image);
            if (label < 0 || label >= classes()) {
                throw new InputRefused("class " + label + " is not known, expected 0 to " + (classes() - 1));
            }
            row(weights.classes, label, x, image * rowsAnImage);
            if (guided) {
                row(weights.classes, classes(), x, image * 2 + 1);
            }
        }
        return x;
    }

    /**
     * The conditions of texts, [rows, tokens, width] for each run of texts of one length: each text and, if guided, as many
     * of the last rows of the learnt features of no text.
     *
     * @param texts [tokens, channels] each, pads left out
     */
    public List<Tensor> ofTexts(List<Tensor> texts, boolean guided) {
        return EqualRuns.of(texts, text -> text.dim(0)).stream()
                .map(run -> ofEqualTexts(run, guided))
                .toList();
    }

    private Tensor ofEqualTexts(List<Tensor> texts, boolean guided) {
        int channels = Math.toIntExact(weights.nullText.shape()[1]);
        int tokens = texts.getFirst().dim(0);
        int rowsAnImage = guided ? 2 : 1;
        Tensor features = Tensor.zeros(texts.size() * rowsAnImage, tokens, channels);
        for (int image = 0; image < texts.size(); image++) {
            Tensor text = texts.get(image);
            check(text, tokens, channels);
            System.arraycopy(text.data(), 0, features.data(), image * rowsAnImage * text.size(), text.size());
            if (guided) {
                long from = (long) (textLimit() - tokens) * channels;
                float[] none = weights.nullText.toFloats(from, text.size());
                System.arraycopy(none, 0, features.data(), (image * 2 + 1) * text.size(), text.size());
            }
        }
        Tensor x = engine.linear(features, weights.textIn, null);
        engine.gelu(x);
        return engine.linear(x, weights.textOut, null);
    }

    private void check(Tensor text, int tokens, int channels) {
        if (text.dim(1) != channels) {
            throw new InputRefused(
                    "text features have " + text.dim(1) + " channels, the transformer expects " + channels);
        }
        if (tokens < 1 || tokens > textLimit()) {
            throw new InputRefused("a text has " + tokens + " tokens, the model takes 1 to " + textLimit());
        }
    }

    /**
     * Generates one image per condition.
     *
     * @param conditions of {@link #ofClasses} or {@link #ofTexts}, one for each run of texts of one length; overwritten
     * @param seeds one per image
     * @param observer may be null
     * @param probe as for {@link RasterLoop#generate}
     */
    public RasterOutcome generate(
            List<Tensor> conditions,
            RasterPlan plan,
            List<Long> seeds,
            KvCache cache,
            AttentionObserver observer,
            ForwardProbe probe) {
        List<RasterLoop.Part> parts = new ArrayList<>();
        for (Tensor condition : conditions) {
            Geometry geometry = geometry(plan.image()).withPrompt(condition.dim(1));
            parts.add(new RasterLoop.Part(geometry, condition));
        }
        return new RasterLoop(this, plan).generate(parts, seeds, cache, observer, probe);
    }

    @Override
    public Rotation rotation(Geometry geometry) {
        return new GridRope(geometry.promptTokens(), geometry.raster(), geometry.headDim(), config.theta());
    }

    @Override
    public Tensor embed(int[] ids) {
        Tensor x = Tensor.zeros(ids.length, 1, weights.width);
        for (int row = 0; row < ids.length; row++) {
            row(weights.imageTokens, ids[row], x, row);
        }
        return x;
    }

    private void row(StoredTensor table, int index, Tensor x, int row) {
        float[] one = table.toFloats((long) index * weights.width, weights.width);
        System.arraycopy(one, 0, x.data(), row * weights.width, weights.width);
    }

    @Override
    public Tensor head(Tensor hidden) {
        return engine.linear(hidden, weights.head, null);
    }
}
