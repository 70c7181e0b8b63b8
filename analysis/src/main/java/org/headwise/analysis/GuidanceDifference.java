package org.headwise.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyValueObserver;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * Where text guides an image: the squared difference of the keys and values that the conditional and the unconditional
 * row make of one image token, |K_c - K_u|^2 + |V_c - V_u|^2 (SSD's metric of semantic concentration, arXiv 2510.18716).
 * It looks at the cache, not at attention.
 */
public final class GuidanceDifference implements Statistic, KeyValueObserver {
    private final Geometry geometry;
    private final int tokens;
    private final Sums sums = new Sums();
    private final double[] keys;
    private final double[] values;
    private final double[] squares;
    private final double[] images;

    /** @param geometry of a raster model */
    public GuidanceDifference(Geometry geometry) {
        if (geometry.raster() == null) {
            throw new IllegalArgumentException(geometry.family() + " makes no image token by token");
        }
        this.geometry = geometry.ofModel();
        tokens = geometry.raster().tokens();
        keys = sums.define("keys", geometry.layers(), geometry.kvHeads(), tokens);
        values = sums.define("values", geometry.layers(), geometry.kvHeads(), tokens);
        squares = sums.define("squares", geometry.layers(), geometry.kvHeads());
        images = sums.define("images", geometry.layers(), geometry.kvHeads());
    }

    @Override
    public String name() {
        return "guidance-difference";
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
        return "Guidance difference";
    }

    @Override
    public Sums sums() {
        return sums;
    }

    /** No attention is wanted. */
    @Override
    public boolean wants(Guidance guidance) {
        return false;
    }

    @Override
    public void observe(AttentionBlock block) {
        throw new IllegalStateException("blocks come though none are wanted");
    }

    @Override
    public void appended(Appended appended) {
        if (!appended.guided()) {
            throw new InputRefused(
                    "the guidance difference compares conditional rows with unconditional ones, but without"
                            + " guidance there are none; raise --cfg, or leave " + name() + " out of --observe");
        }
        if (appended.step() == 0) {
            return;
        }
        int size = geometry.kvHeads() * geometry.headDim();
        for (int at = 0; at < appended.keys().length; at += 2 * size) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                add(appended, head, at + head * geometry.headDim(), size);
            }
        }
    }

    private void add(Appended appended, int head, int conditional, int rowLength) {
        int cell = appended.layer() * geometry.kvHeads() + head;
        int unconditional = conditional + rowLength;
        int token = cell * tokens + appended.step() - 1;
        keys[token] += squaredDifference(appended.keys(), conditional, unconditional);
        values[token] += squaredDifference(appended.values(), conditional, unconditional);
        squares[cell] += square(appended.keys(), conditional)
                + square(appended.keys(), unconditional)
                + square(appended.values(), conditional)
                + square(appended.values(), unconditional);
        // Once an image; a raster of one token appends nothing but its prompt.
        images[cell] += appended.step() == 1 ? 1 : 0;
    }

    private double squaredDifference(float[] x, int a, int b) {
        double sum = 0;
        for (int i = 0; i < geometry.headDim(); i++) {
            double d = (double) x[a + i] - x[b + i];
            sum += d * d;
        }
        return sum;
    }

    private double square(float[] x, int at) {
        double sum = 0;
        for (int i = 0; i < geometry.headDim(); i++) {
            sum += (double) x[at + i] * x[at + i];
        }
        return sum;
    }

    /**
     * Mean squared difference of keys and values together by image token in raster order; NaN for the last token, which is
     * never read, and where nothing was observed.
     */
    public double[] byImageToken(int layer, int kvHead) {
        return byImageToken(layer * geometry.kvHeads() + kvHead);
    }

    private double[] byImageToken(int cell) {
        double[] mean = new double[tokens];
        Arrays.setAll(mean, t -> (keys[cell * tokens + t] + values[cell * tokens + t]) / images[cell]);
        mean[tokens - 1] = Double.NaN;
        return mean;
    }

    @Override
    public List<Column> columns() {
        return List.of(
                column("difference", "squared", "mean |K_c - K_u|^2 + |V_c - V_u|^2 of an image token", this::mean),
                column(
                        "relative",
                        "ratio",
                        "the difference over |K_c|^2 + |K_u|^2 + |V_c|^2 + |V_u|^2: 0 when guidance changes nothing, 1 when"
                                + " both rows have nothing in common, 2 when they are opposite",
                        cell -> mean(cell) * images[cell] * (tokens - 1) / squares[cell]),
                column(
                        "first_column",
                        "ratio",
                        "mean difference in the first column of the image over the mean of all columns",
                        cell -> columnOverMean(cell, 0)),
                column(
                        "last_column",
                        "ratio",
                        "mean difference in the last column of the image over the mean of all columns",
                        cell -> columnOverMean(cell, geometry.raster().width() - 1)));
    }

    private double mean(int cell) {
        return Arrays.stream(byImageToken(cell), 0, tokens - 1).average().orElse(Double.NaN);
    }

    private double columnOverMean(int cell, int column) {
        double mean = mean(cell);
        if (mean == 0) {
            // The first layer reads tokens that are the same in both rows: every column is like all others.
            return 1;
        }
        double[] all = byImageToken(cell);
        double sum = 0;
        int count = 0;
        for (int token = column; token < tokens - 1; token += geometry.raster().width()) {
            sum += all[token];
            count++;
        }
        return sum / count / mean;
    }

    /** A number of kv heads, given to all query heads that read them. */
    private Column column(String name, String unit, String description, IntToDoubleFunction ofKvHead) {
        int group = geometry.heads() / geometry.kvHeads();
        return new Column(
                name,
                unit,
                description + " (of the kv head)",
                PerHead.of(geometry, head -> ofKvHead.applyAsDouble(head / group)));
    }
}
