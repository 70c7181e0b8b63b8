package org.headwise.analysis;

import java.util.List;
import org.headwise.analysis.Neighbourhood.Anchor;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * SSD's sparsity score (arXiv 2510.18716): the share of a head's attention that goes outside the immediate neighbourhood
 * on the image. Attention is summed by 2-D offset between key and query at full resolution, so that the score of any
 * {@link Neighbourhood} can be had of the same run. Queries that predict image tokens 1 and later count, all alike.
 */
public final class Sparsity implements Statistic {
    /** What the mass near the query is a share of. */
    public enum Of {
        /** All attention: the prompt lies outside every neighbourhood. */
        ALL_TOKENS,
        /** Attention on image tokens. */
        IMAGE_TOKENS
    }

    private final Geometry geometry;
    private final RasterDigests.Share shared;
    private final int height;
    private final int width;
    private final int pitch;
    private final Sums sums = new Sums();
    // The token predicted lies right of the token read, except after the last column: such queries are kept apart, so
    // that offsets from either token can be told.
    private final double[] offsets;
    private final double[] afterRow;
    private final double[] prompt;
    private final double[] queries;

    public Sparsity(Geometry geometry) {
        this(new RasterDigests(geometry));
    }

    Sparsity(RasterDigests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        height = geometry.raster().height();
        width = geometry.raster().width();
        pitch = 2 * width - 1;
        int layers = geometry.layers();
        int heads = geometry.heads();
        offsets = sums.define("offsets", layers, heads, 2, height, pitch);
        afterRow = sums.define("offsets_after_row", layers, heads, 2, height, width);
        prompt = sums.define("prompt", layers, heads, 2);
        queries = sums.define("queries", layers, heads, 2);
    }

    @Override
    public String name() {
        return "sparsity";
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
        return "Sparsity";
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
        int y = (block.step() - 1) / width;
        int x = (block.step() - 1) % width;
        int from = digest.at(0) + digest.promptTokens();
        if (x == width - 1) {
            fold(digest.rows(), from, y, x, afterRow, cell * height * width, width);
        } else {
            fold(digest.rows(), from, y, x, offsets, cell * height * pitch + width - 1 - x, pitch);
        }
    }

    /** Adds the image keys row by row: the row of the query itself first in {@code into}, rows above after it. */
    private void fold(float[] p, int from, int y, int x, double[] into, int at, int pitch) {
        for (int row = 0; row <= y; row++) {
            int count = row == y ? x + 1 : width;
            int key = from + row * width;
            int to = at + (y - row) * pitch;
            for (int i = 0; i < count; i++) {
                into[to + i] += p[key + i];
            }
        }
    }

    /**
     * Mean mass of a query by offset of the key: [rows up][width - 1 + columns to the right], rows 0 to height - 1,
     * columns -(width - 1) to width - 1. All entries and {@link #promptMass} add up to 1; NaN where nothing was observed.
     */
    public double[][] offsetMap(int layer, int head, Guidance guidance, Anchor around) {
        return offsetMap(GuidedColumns.cell(geometry, layer, head, guidance), around);
    }

    private double[][] offsetMap(int cell, Anchor around) {
        double[][] map = new double[height][pitch];
        // From the token read to the token predicted: a column to the right, or a row down and the columns back.
        int shift = around == Anchor.READ ? 0 : 1;
        for (int up = 0; up < height; up++) {
            for (int i = shift; i < pitch; i++) {
                map[up][i - shift] += offsets[(cell * height + up) * pitch + i];
            }
            // Keys of the last row are never one row further up: the token after the last row does not exist.
            for (int i = 0; i < width && up + shift < height; i++) {
                map[up + shift][i + shift * (width - 1)] += afterRow[(cell * height + up) * width + i];
            }
            for (int i = 0; i < pitch; i++) {
                map[up][i] /= queries[cell];
            }
        }
        return map;
    }

    /** Mean mass of a query on the prompt, a share. */
    public double promptMass(int layer, int head, Guidance guidance) {
        int cell = GuidedColumns.cell(geometry, layer, head, guidance);
        return prompt[cell] / queries[cell];
    }

    /**
     * SSD's sparsity of every head, [layers * heads], from 0 (all attention is near: spatial) to 1 (semantic); NaN where
     * nothing was observed.
     *
     * @param guidance whose rows; SSD does not say, {@link Guidance#CONDITIONAL} is the usual choice
     */
    public double[] score(Neighbourhood near, Of of, Guidance guidance) {
        return GuidedColumns.of(geometry, guidance, cell -> score(cell, near, of));
    }

    private double score(int cell, Neighbourhood near, Of of) {
        double[][] map = offsetMap(cell, near.around());
        double inside = 0;
        double outside = of == Of.ALL_TOKENS ? prompt[cell] / queries[cell] : 0;
        for (int up = 0; up < height; up++) {
            for (int i = 0; i < pitch; i++) {
                if (near.holds(up, i - (width - 1))) {
                    inside += map[up][i];
                } else {
                    outside += map[up][i];
                }
            }
        }
        return outside / (inside + outside);
    }

    @Override
    public List<Column> columns() {
        Neighbourhood near = Neighbourhood.IMMEDIATE;
        return new GuidedColumns(geometry, queries)
                .add(
                        "score",
                        "share",
                        "SSD's sparsity: mass outside the 3 x 3 tokens around the one being predicted, prompt included",
                        cell -> score(cell, near, Of.ALL_TOKENS))
                .add(
                        "image_score",
                        "share",
                        "the same among image tokens only, the prompt left out",
                        cell -> score(cell, near, Of.IMAGE_TOKENS))
                .add(
                        "above",
                        "share",
                        "mass on the token right above the one being predicted",
                        cell -> height == 1 ? 0 / queries[cell] : offsetMap(cell, Anchor.PREDICTED)[1][width - 1])
                .add(
                        "distance",
                        "tokens",
                        "mean distance from the token being predicted to the image tokens looked at",
                        this::distance)
                .list();
    }

    private double distance(int cell) {
        double[][] map = offsetMap(cell, Anchor.PREDICTED);
        double sum = 0;
        double mass = 0;
        for (int up = 0; up < height; up++) {
            for (int i = 0; i < pitch; i++) {
                sum += map[up][i] * Math.hypot(up, i - (width - 1));
                mass += map[up][i];
            }
        }
        return sum / mass;
    }
}
