package org.headwise.analysis;

import java.util.Arrays;
import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * Mass by lag, the number of tokens from the key to the query, and what follows of it: the mass that a window of recent
 * tokens holds, for every size at once. Queries that predict image tokens 1 and later count, all alike.
 */
public final class Recency implements Statistic {
    /** What a window keeps besides the recent tokens. */
    public enum Kept {
        /** The prompt always stays, and the window is of image tokens. */
        PROMPT_AND_RECENT,
        /** Nothing: prompt tokens leave the window like all others. */
        RECENT
    }

    private static final int FEW = 8;

    private final Geometry geometry;
    private final RasterDigests.Share shared;
    private final int width;
    private final int lags;
    private final Sums sums = new Sums();
    // Both by token in ascending order with the query's own token last, so that they are added up forwards.
    private final double[] image;
    private final double[] promptByLag;
    private final double[] prompt;
    private final double[] queries;

    public Recency(Geometry geometry) {
        this(new RasterDigests(geometry));
    }

    Recency(RasterDigests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        width = geometry.raster().width();
        lags = geometry.raster().tokens() - 1;
        int layers = geometry.layers();
        int heads = geometry.heads();
        image = sums.define("image", layers, heads, 2, lags);
        promptByLag = sums.define("prompt_by_lag", layers, heads, 2, lags);
        prompt = sums.define("prompt", layers, heads, 2);
        queries = sums.define("queries", layers, heads, 2);
    }

    @Override
    public String name() {
        return "recency";
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
        return "Recency";
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
        if (block.step() == 0) {
            return;
        }
        int cell = digest.cell();
        queries[cell]++;
        prompt[cell] += digest.promptMass();
        int end = (cell + 1) * lags;
        int keys = digest.keys();
        int imageKeys = block.step();
        add(digest.rows(), digest.at(0) + keys - imageKeys, imageKeys, image, end - imageKeys);
        int recent = Math.min(keys, lags) - imageKeys;
        add(digest.rows(), digest.at(0) + keys - imageKeys - recent, recent, promptByLag, end - imageKeys - recent);
    }

    private static void add(float[] p, int from, int count, double[] into, int to) {
        for (int i = 0; i < count; i++) {
            into[to + i] += p[from + i];
        }
    }

    /**
     * Mean mass of a query on the image token so many tokens back, for lags 0 (the token read itself) to image tokens - 2;
     * queries that have no such token count as giving it nothing. NaN where nothing was observed.
     */
    public double[] massByLag(int layer, int head, Guidance guidance) {
        int cell = GuidedColumns.cell(geometry, layer, head, guidance);
        double[] mass = new double[lags];
        Arrays.setAll(mass, lag -> image[(cell + 1) * lags - 1 - lag] / queries[cell]);
        return mass;
    }

    /**
     * Mean mass that a window holds, for sizes 0 to image tokens - 1: the query's own token is the first of a window.
     * NaN where nothing was observed.
     */
    public double[] windowMass(int layer, int head, Guidance guidance, Kept kept) {
        return windowMass(GuidedColumns.cell(geometry, layer, head, guidance), kept);
    }

    private double[] windowMass(int cell, Kept kept) {
        double[] mass = new double[lags + 1];
        double sum = kept == Kept.PROMPT_AND_RECENT ? prompt[cell] : 0;
        mass[0] = sum / queries[cell];
        for (int size = 1; size <= lags; size++) {
            int at = (cell + 1) * lags - size;
            sum += image[at] + (kept == Kept.RECENT ? promptByLag[at] : 0);
            mass[size] = sum / queries[cell];
        }
        return mass;
    }

    /** Fewest recent image tokens that hold this share of the mass on image tokens; NaN where nothing was observed. */
    private double windowOf(int cell, double share) {
        double[] mass = windowMass(cell, Kept.PROMPT_AND_RECENT);
        if (Double.isNaN(mass[0])) {
            return Double.NaN;
        }
        double wanted = mass[0] + share * (mass[lags] - mass[0]);
        int size = 0;
        while (mass[size] < wanted) {
            size++;
        }
        return size;
    }

    @Override
    public List<Column> columns() {
        return new GuidedColumns(geometry, queries)
                .add(
                        "recent_" + FEW,
                        "share",
                        "mass on the last " + FEW + " tokens, prompt or image",
                        c -> recent(c, FEW))
                .add("recent_row", "share", "mass on as many last tokens as a row has", c -> recent(c, width))
                .add(
                        "recent_2_rows",
                        "share",
                        "mass on as many last tokens as two rows have",
                        c -> recent(c, 2 * width))
                .add(
                        "window_50",
                        "tokens",
                        "fewest last image tokens that hold half of the mass on image tokens",
                        c -> windowOf(c, 0.5))
                .add(
                        "window_90",
                        "tokens",
                        "fewest last image tokens that hold 90% of the mass on image tokens",
                        c -> windowOf(c, 0.9))
                .list();
    }

    private double recent(int cell, int tokens) {
        return windowMass(cell, Kept.RECENT)[Math.min(tokens, lags)];
    }
}
