package org.headwise.model.janus;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.KvCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.files.InputRefused;
import org.headwise.model.ForwardProbe;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.raster.EqualRuns;
import org.headwise.model.raster.HalfSplitRope;
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
 * Janus from ids of prompts to ids of image tokens. The unconditional twin of a prompt has pads in its place, which are
 * attended like any other token.
 */
public final class JanusGenerator implements RasterNetwork {
    private final JanusWeights weights;
    private final JanusConfig config;
    private final Engine engine;
    private final LlamaTrunk trunk;

    /** @param checkpoint must stay open as long as this generator is used */
    public JanusGenerator(Checkpoint checkpoint, JanusConfig config, Engine engine, DType storage) {
        this.weights = new JanusWeights(checkpoint, config, engine, storage);
        this.config = config;
        this.engine = engine;
        this.trunk = new LlamaTrunk(weights.blocks, weights.norm, config.epsilon(), engine);
    }

    /** The geometry of this model for images of a grid, whatever the prompt. */
    public Geometry geometry(Grid image) {
        return Geometry.raster("janus", config.layers(), config.heads(), config.kvHeads(), config.headDim(), image);
    }

    @Override
    public int codes() {
        return weights.codes;
    }

    @Override
    public LlamaTrunk trunk() {
        return trunk;
    }

    /** The batch rows of prompts: each prompt and, if guided, its twin with {@code pad} for all but its first and last id. */
    public static List<int[]> rows(List<int[]> prompts, int pad, boolean guided) {
        List<int[]> rows = new ArrayList<>();
        for (int[] prompt : prompts) {
            rows.add(prompt);
            if (guided) {
                int[] twin = prompt.clone();
                for (int i = 1; i < twin.length - 1; i++) {
                    twin[i] = pad;
                }
                rows.add(twin);
            }
        }
        return rows;
    }

    /**
     * Generates one image per prompt.
     *
     * @param prompts ids of each prompt, from begin of text to begin of image; those of one length should be neighbours,
     *     as they attend together
     * @param seeds one per prompt
     * @param observer may be null
     * @param probe as for {@link RasterLoop#generate}
     */
    public RasterOutcome generate(
            List<int[]> prompts,
            int pad,
            RasterPlan plan,
            List<Long> seeds,
            KvCache cache,
            AttentionObserver observer,
            ForwardProbe probe) {
        check(prompts, pad);
        List<RasterLoop.Part> parts = new ArrayList<>();
        for (List<int[]> run : EqualRuns.of(prompts, prompt -> prompt.length)) {
            Geometry geometry = geometry(plan.image()).withPrompt(run.getFirst().length);
            Tensor embedded = embedText(rows(run, pad, plan.guided()));
            parts.add(new RasterLoop.Part(geometry, embedded));
        }
        return new RasterLoop(this, plan).generate(parts, seeds, cache, observer, probe);
    }

    @Override
    public Rotation rotation(Geometry geometry) {
        return new HalfSplitRope(geometry.totalTokens(), config.headDim(), config.theta());
    }

    /** Embeddings of text tokens [rows, tokens] as [rows, tokens, width]. */
    private Tensor embedText(List<int[]> rows) {
        int width = config.width();
        int tokens = rows.getFirst().length;
        Tensor x = Tensor.zeros(rows.size(), tokens, width);
        for (int row = 0; row < rows.size(); row++) {
            for (int t = 0; t < tokens; t++) {
                float[] one = weights.textTokens.toFloats((long) rows.get(row)[t] * width, width);
                System.arraycopy(one, 0, x.data(), (row * tokens + t) * width, width);
            }
        }
        return x;
    }

    @Override
    public Tensor embed(int[] ids) {
        int inputs = Math.toIntExact(weights.imageTokens.shape()[1]);
        Tensor x = Tensor.zeros(ids.length, 1, inputs);
        for (int row = 0; row < ids.length; row++) {
            float[] one = weights.imageTokens.toFloats((long) ids[row] * inputs, inputs);
            System.arraycopy(one, 0, x.data(), row * inputs, inputs);
        }
        for (int layer = 0; layer < weights.aligner.size(); layer++) {
            if (layer > 0) {
                engine.geluExact(x);
            }
            x = weights.aligner.get(layer).apply(engine, x);
        }
        return x;
    }

    @Override
    public Tensor head(Tensor hidden) {
        Tensor x = weights.headIn.apply(engine, hidden);
        engine.geluExact(x);
        return weights.headOut.apply(engine, x);
    }

    private void check(List<int[]> prompts, int pad) {
        long vocabulary = weights.textTokens.shape()[0];
        for (int[] prompt : prompts) {
            if (prompt.length == 0) {
                throw new InputRefused("a prompt has no tokens at all; the tokenizer is another model's");
            }
            for (int id : prompt) {
                checkId(id, vocabulary);
            }
        }
        checkId(pad, vocabulary);
    }

    private static void checkId(int id, long vocabulary) {
        if (id < 0 || id >= vocabulary) {
            throw new InputRefused("the tokenizer gives id " + id + ", but the model has embeddings of " + vocabulary
                    + " text tokens; the tokenizer is another model's");
        }
    }
}
