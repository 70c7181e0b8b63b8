package org.headwise.analysis;

import java.util.List;
import java.util.Locale;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * Mass on tokens that stand out by their place: the prompt, its first and last token, the token read itself, the margins
 * of the image. Kept by row of the image that the query works on. Queries that predict image tokens 1 and later count.
 */
public final class Landmarks implements Statistic {
    /** A place; they overlap. */
    public enum Place {
        PROMPT("all tokens of the prompt"),
        FIRST_TOKEN("the very first token"),
        IMAGE_START("the last token of the prompt, which begins the image"),
        SELF("the token read itself"),
        FIRST_COLUMN("the first column of the image"),
        LAST_COLUMN("the last column of the image"),
        TOP_ROW("the top row of the image");

        private final String words;

        Place(String words) {
            this.words = words;
        }
    }

    private static final int PLACES = Place.values().length;

    private final Geometry geometry;
    private final RasterDigests.Share shared;
    private final int width;
    private final int rows;
    private final Sums sums = new Sums();
    private final double[] mass;
    private final double[] queries;

    public Landmarks(Geometry geometry) {
        this(new RasterDigests(geometry));
    }

    Landmarks(RasterDigests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        width = geometry.raster().width();
        rows = geometry.raster().height();
        mass = sums.define("mass", geometry.layers(), geometry.heads(), 2, PLACES, rows);
        queries = sums.define("queries", geometry.layers(), geometry.heads(), 2, rows);
    }

    @Override
    public String name() {
        return "landmarks";
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
        return "Landmarks";
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
        int row = block.step() / width;
        queries[cell * rows + row]++;
        float[] p = digest.rows();
        int first = digest.at(0);
        int image = first + digest.promptTokens();
        int end = first + digest.keys();
        add(cell, Place.PROMPT, row, digest.promptMass());
        add(cell, Place.FIRST_TOKEN, row, p[first]);
        add(cell, Place.IMAGE_START, row, p[image - 1]);
        add(cell, Place.SELF, row, p[end - 1]);
        add(cell, Place.FIRST_COLUMN, row, sum(p, image, end, width));
        add(cell, Place.LAST_COLUMN, row, sum(p, image + width - 1, end, width));
        add(cell, Place.TOP_ROW, row, sum(p, image, Math.min(end, image + width), 1));
    }

    private static double sum(float[] p, int from, int to, int stride) {
        double sum = 0;
        for (int k = from; k < to; k += stride) {
            sum += p[k];
        }
        return sum;
    }

    private void add(int cell, Place place, int row, double amount) {
        mass[(cell * PLACES + place.ordinal()) * rows + row] += amount;
    }

    /** Mean mass on a place by row of the image that the query predicts a token of; NaN where nothing was observed. */
    public double[] massByRow(Place place, int layer, int head, Guidance guidance) {
        int cell = GuidedColumns.cell(geometry, layer, head, guidance);
        double[] mean = new double[rows];
        for (int row = 0; row < rows; row++) {
            mean[row] = mass[(cell * PLACES + place.ordinal()) * rows + row] / queries[cell * rows + row];
        }
        return mean;
    }

    @Override
    public List<Column> columns() {
        double[] all = new double[queries.length / rows];
        for (int i = 0; i < queries.length; i++) {
            all[i / rows] += queries[i];
        }
        GuidedColumns columns = new GuidedColumns(geometry, all);
        for (Place place : Place.values()) {
            columns.add(
                    place.name().toLowerCase(Locale.ROOT),
                    "share",
                    "mass on " + place.words,
                    cell -> sum(cell, place) / all[cell]);
        }
        return columns.list();
    }

    private double sum(int cell, Place place) {
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += mass[(cell * PLACES + place.ordinal()) * rows + row];
        }
        return sum;
    }
}
