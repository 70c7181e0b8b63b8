package org.headwise.model;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.headwise.files.Sha256;

/**
 * The shape of a model's KV cache: what a schedule must know of a model, and all it knows.
 *
 * <p>Next-scale models have a step per scale, and the tokens of a step lie on its grid in row-major order.
 *
 * <p>Raster models make an image of h x w tokens one by one, row by row, in h * w steps. Step 0 reads the prompt, whose
 * tokens lie in a line, not on the image: its grid is 1 x prompt tokens, and it yields image token 0. Step t &gt; 0 reads
 * image token t - 1, at row (t - 1) / w and column (t - 1) % w, and yields image token t; the last image token is never
 * read. {@link #imageToken} gives the place of every key. Prompts differ in length, models do not: a model's own geometry
 * has a prompt of one token, {@link #withPrompt} makes that of one generation, and the fingerprint is the same for all.
 *
 * @param family model family, for example {@code infinity}
 * @param layers attention layers
 * @param heads query heads of a layer
 * @param kvHeads key/value heads of a layer; divides {@code heads}
 * @param headDim numbers in one key of one head
 * @param steps token grids of the forward passes, in order
 * @param raster the image grid of a raster model, or null
 */
public record Geometry(String family, int layers, int heads, int kvHeads, int headDim, List<Grid> steps, Grid raster) {
    public Geometry {
        if (layers < 1 || heads < 1 || kvHeads < 1 || headDim < 1 || heads % kvHeads != 0 || steps.isEmpty()) {
            throw new IllegalArgumentException("no such geometry: " + layers + " layers, " + heads + " heads, "
                    + kvHeads + " kv heads of " + headDim + ", " + steps.size() + " steps");
        }
        steps = List.copyOf(steps);
        if (raster != null && !steps.equals(rasterSteps(raster, steps.getFirst().tokens()))) {
            throw new IllegalArgumentException("these are not the steps of a raster of " + raster);
        }
    }

    /** The geometry of a next-scale model. */
    public Geometry(String family, int layers, int heads, int kvHeads, int headDim, List<Grid> steps) {
        this(family, layers, heads, kvHeads, headDim, steps, null);
    }

    /** The geometry of a raster model, with a prompt of one token. */
    public static Geometry raster(String family, int layers, int heads, int kvHeads, int headDim, Grid image) {
        return new Geometry(family, layers, heads, kvHeads, headDim, rasterSteps(image, 1), image);
    }

    private static List<Grid> rasterSteps(Grid image, int promptTokens) {
        return Stream.concat(
                        Stream.of(new Grid(1, promptTokens)),
                        Collections.nCopies(image.tokens() - 1, new Grid(1, 1)).stream())
                .toList();
    }

    /** The geometry of a generation from a prompt of that many tokens; only raster models have one. */
    public Geometry withPrompt(int tokens) {
        if (raster == null) {
            throw new IllegalStateException("the cache of " + family + " holds no prompt");
        }
        return tokens == promptTokens()
                ? this
                : new Geometry(family, layers, heads, kvHeads, headDim, rasterSteps(raster, tokens), raster);
    }

    /** The geometry of the model, whatever this one's prompt. */
    public Geometry ofModel() {
        return raster == null ? this : withPrompt(1);
    }

    /** Prompt tokens in the cache: all tokens of step 0 of a raster model; 0 in next-scale models. */
    public int promptTokens() {
        return raster == null ? 0 : tokens(0);
    }

    /** Index in raster order of the image token that a step of a raster model reads, or -1 for the prompt. */
    public int imageToken(int step) {
        if (raster == null) {
            throw new IllegalStateException(family + " is no raster model; its tokens lie on the grids of its steps");
        }
        return step - 1;
    }

    /** Tokens of one step. */
    public int tokens(int step) {
        return steps.get(step).tokens();
    }

    /** Tokens of all steps before {@code step}: the index of its first token. */
    public int firstToken(int step) {
        if (raster != null) {
            return step == 0 ? 0 : tokens(0) + step - 1;
        }
        int sum = 0;
        for (int s = 0; s < step; s++) {
            sum += tokens(s);
        }
        return sum;
    }

    /** Tokens of all steps. */
    public int totalTokens() {
        return firstToken(steps.size());
    }

    /**
     * Tokens that the last step can find in the cache: all but its own. This is the full cache that a budget is a share
     * of (HeatKV's "peak incoming").
     */
    public int incomingTokens() {
        return firstToken(steps.size() - 1);
    }

    /** The canonical text that the fingerprint is taken of; the length of a prompt is no part of it. */
    public String describe() {
        StringBuilder text = new StringBuilder(family)
                .append(" layers=")
                .append(layers)
                .append(" heads=")
                .append(heads)
                .append(" kvHeads=")
                .append(kvHeads)
                .append(" headDim=")
                .append(headDim);
        if (raster != null) {
            return text.append(" raster=")
                    .append(raster.height())
                    .append('x')
                    .append(raster.width())
                    .toString();
        }
        text.append(" steps=");
        for (int s = 0; s < steps.size(); s++) {
            Grid grid = steps.get(s);
            text.append(s == 0 ? "" : ",").append(grid.height()).append('x').append(grid.width());
        }
        return text.toString();
    }

    /** First 16 hexadecimal digits of the SHA-256 of {@link #describe()}. */
    public String fingerprint() {
        return Sha256.of(describe()).substring(0, 16);
    }
}
