package org.headwise.analysis;

import java.util.Arrays;
import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * Mass that each token receives from all queries of an image, the running sum by which H2O and SSD rank tokens, and how
 * concentrated it is: heavy hitters are the few tokens that receive most. Images count once they are finished.
 */
public final class Received implements Statistic {
    /** Which queries give the mass. */
    public enum From {
        /** Those that predict image tokens, the last query of the prompt included. */
        IMAGE_QUERIES,
        /** Those of the prompt but its last. */
        PROMPT_QUERIES
    }

    /** Tokens at either end of prompts that are told apart. */
    public static final int PROMPT_ENDS = PromptEnds.END;

    private static final int[] PERCENT = {5, 10, 20};

    private final Geometry geometry;
    private final RasterDigests.Share shared;
    private final int tokens;
    private final Sums sums = new Sums();
    private final double[] image;
    private final PromptEnds prompt;
    private final PromptEnds prefill;
    private final double[] gini;
    private final double[] top;
    private final double[] images;
    /** Of the images under way: [cells][images of the batch][positions, then prompt tokens for queries of the prompt]. */
    private final double[][][] running;

    public Received(Geometry geometry) {
        this(new RasterDigests(geometry));
    }

    Received(RasterDigests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        tokens = geometry.raster().tokens();
        int layers = geometry.layers();
        int heads = geometry.heads();
        image = sums.define("image", layers, heads, 2, tokens);
        prompt = new PromptEnds(sums, "prompt", layers, heads);
        prefill = new PromptEnds(sums, "prompt_from_prompt", layers, heads);
        gini = sums.define("gini", layers, heads, 2);
        top = sums.define("top", layers, heads, 2, PERCENT.length);
        images = sums.define("images", layers, heads, 2);
        running = new double[layers * heads * 2][0][];
    }

    @Override
    public String name() {
        return "received";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public String title() {
        return "Received mass";
    }

    @Override
    public Sums sums() {
        return sums;
    }

    @Override
    public boolean wants(Guidance guidance) {
        return true;
    }

    @Override
    public void observe(AttentionBlock block) {
        RasterDigest digest = shared.of(block);
        int cell = digest.cell();
        int promptTokens = digest.promptTokens();
        double[] mass = begun(cell, block, promptTokens);
        for (int q = 0; q < block.queries(); q++) {
            boolean last = block.step() > 0 || block.firstQuery() + q == promptTokens - 1;
            add(digest.rows(), digest.at(q), digest.keys(), mass, last ? 0 : promptTokens + tokens);
        }
        if (block.step() == tokens - 1
                && block.firstQuery() + block.queries() == block.geometry().tokens(tokens - 1)) {
            finish(cell, mass, promptTokens);
        }
    }

    /** The sums of the block's image so far; step 0 begins with none. */
    private double[] begun(int cell, AttentionBlock block, int promptTokens) {
        if (running[cell].length <= block.image()) {
            running[cell] = Arrays.copyOf(running[cell], block.image() + 1);
        }
        double[] mass = running[cell][block.image()];
        int size = 2 * promptTokens + tokens;
        if (mass == null || mass.length != size) {
            mass = new double[size];
            running[cell][block.image()] = mass;
        } else if (block.step() == 0 && block.firstQuery() == 0) {
            Arrays.fill(mass, 0);
        }
        return mass;
    }

    private static void add(float[] p, int from, int count, double[] into, int to) {
        for (int i = 0; i < count; i++) {
            into[to + i] += p[from + i];
        }
    }

    private void finish(int cell, double[] mass, int promptTokens) {
        prompt.add(cell, mass, 0, promptTokens);
        prefill.add(cell, mass, promptTokens + tokens, promptTokens);
        double[] sorted = new double[tokens];
        for (int token = 0; token < tokens; token++) {
            sorted[token] = mass[promptTokens + token];
            image[cell * tokens + token] += sorted[token];
        }
        // The last token is never read, so it is none of those that could receive something.
        sorted = Arrays.copyOf(sorted, tokens - 1);
        Arrays.sort(sorted);
        gini[cell] += gini(sorted);
        for (int i = 0; i < PERCENT.length; i++) {
            top[cell * PERCENT.length + i] += shareOfLargest(sorted, PERCENT[i]);
        }
        images[cell]++;
        Arrays.fill(mass, 0);
    }

    /** Gini index of numbers in ascending order: 0 when equal, towards 1 when one has all; 0 if there is nothing. */
    static double gini(double[] sorted) {
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < sorted.length; i++) {
            sum += sorted[i];
            weighted += (2.0 * i + 1 - sorted.length) * sorted[i];
        }
        return sum == 0 ? 0 : weighted / (sorted.length * sum);
    }

    private static double shareOfLargest(double[] sorted, int percent) {
        int count = (sorted.length * percent + 99) / 100;
        double sum = 0;
        double largest = 0;
        for (int i = 0; i < sorted.length; i++) {
            sum += sorted[i];
            largest += i >= sorted.length - count ? sorted[i] : 0;
        }
        return sum == 0 ? 0 : largest / sum;
    }

    /**
     * Mean mass that each image token receives in the making of an image, in raster order, from no query (the last, which
     * is never read) to the mass of all later ones; NaN where nothing was observed.
     */
    public double[] byImageToken(int layer, int head, Guidance guidance) {
        int cell = GuidedColumns.cell(geometry, layer, head, guidance);
        double[] mean = new double[tokens];
        Arrays.setAll(mean, token -> image[cell * tokens + token] / images[cell]);
        return mean;
    }

    /**
     * Mean mass that one query gives to each image token, in raster order: {@link #byImageToken} over the queries that
     * can see the token. NaN for the last token, which none can see.
     */
    public double[] byImageTokenPerQuery(int layer, int head, Guidance guidance) {
        double[] mean = byImageToken(layer, head, guidance);
        for (int token = 0; token < tokens; token++) {
            mean[token] /= tokens - 1 - token;
        }
        return mean;
    }

    /**
     * Mean mass that a token of prompts of this length receives in the making of an image. The first and the last
     * {@link #PROMPT_ENDS} tokens are told apart; for the others it is the mass of all of them together.
     */
    public double byPromptToken(int layer, int head, Guidance guidance, From from, int token, int promptTokens) {
        int cell = GuidedColumns.cell(geometry, layer, head, guidance);
        return (from == From.IMAGE_QUERIES ? prompt : prefill).get(cell, token, promptTokens) / images[cell];
    }

    @Override
    public List<Column> columns() {
        GuidedColumns columns = new GuidedColumns(geometry, images)
                .add(
                        "gini",
                        "gini",
                        "how unequally the image tokens of an image are looked at: mean Gini index of received mass, 0 when"
                                + " all receive the same",
                        c -> gini[c] / images[c]);
        for (int i = 0; i < PERCENT.length; i++) {
            int at = i;
            columns.add(
                    "top_" + PERCENT[i] + "_percent",
                    "share",
                    "share of the mass on image tokens that the " + PERCENT[i] + "% most looked at receive",
                    c -> top[c * PERCENT.length + at] / images[c]);
        }
        return columns.add(
                        "prompt",
                        "share",
                        "share of all received mass that the prompt receives, from image queries",
                        c -> prompt.sum(c) / (images[c] * tokens))
                .list();
    }
}
