package org.headwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/** Attention rows of every head and step of one prompt, drawn at random or chosen, and handed over block by block. */
final class RandomAttention {
    /** Unnormalised weight of a key for a query. */
    @FunctionalInterface
    interface Weight {
        double of(int layer, int head, int step, int query, int keyStep, int key);
    }

    static final Geometry SMALL = new Geometry(
            "infinity", 2, 3, 3, 4, List.of(new Grid(1, 1), new Grid(2, 3), new Grid(4, 4), new Grid(5, 7)));

    private final Geometry geometry;
    private final float[][][][] rows;

    private RandomAttention(Geometry geometry, float[][][][] rows) {
        this.geometry = geometry;
        this.rows = rows;
    }

    /** Peaked rows: exponentials of normal numbers of deviation 3. */
    static RandomAttention of(Geometry geometry, long seed) {
        Random random = new Random(seed);
        return of(geometry, (l, h, t, q, s, k) -> Math.exp(3 * random.nextGaussian()));
    }

    static RandomAttention of(Geometry geometry, Weight weight) {
        int steps = geometry.steps().size();
        float[][][][] rows = new float[geometry.layers()][geometry.heads()][steps][];
        for (int l = 0; l < geometry.layers(); l++) {
            for (int h = 0; h < geometry.heads(); h++) {
                for (int t = 0; t < steps; t++) {
                    rows[l][h][t] = rows(geometry, weight, l, h, t);
                }
            }
        }
        return new RandomAttention(geometry, rows);
    }

    private static float[] rows(Geometry geometry, Weight weight, int l, int h, int t) {
        int keys = geometry.firstToken(t + 1);
        float[] out = new float[geometry.tokens(t) * keys];
        for (int q = 0; q < geometry.tokens(t); q++) {
            double[] row = new double[keys];
            double sum = 0;
            for (int s = 0; s <= t; s++) {
                for (int k = 0; k < geometry.tokens(s); k++) {
                    double w = weight.of(l, h, t, q, s, k);
                    row[geometry.firstToken(s) + k] = w;
                    sum += w;
                }
            }
            for (int k = 0; k < keys; k++) {
                out[q * keys + k] = (float) (row[k] / sum);
            }
        }
        return out;
    }

    /** The probability of a key, given by its index among all tokens. */
    float p(int layer, int head, int step, int query, int key) {
        return rows[layer][head][step][query * geometry.firstToken(step + 1) + key];
    }

    static List<KeyRun> runs(Geometry geometry, int step) {
        List<KeyRun> runs = new ArrayList<>();
        for (int s = 0; s <= step; s++) {
            runs.add(new KeyRun(s, 0, geometry.tokens(s)));
        }
        return runs;
    }

    /** Hands over all heads in blocks of so many queries, rows {@code padding} numbers longer than they need be. */
    void feed(AttentionObserver observer, int queriesPerBlock, int padding) {
        for (int l = 0; l < geometry.layers(); l++) {
            for (int h = 0; h < geometry.heads(); h++) {
                for (int t = 0; t < geometry.steps().size(); t++) {
                    feed(observer, l, h, t, queriesPerBlock, padding);
                }
            }
        }
    }

    void feed(AttentionObserver observer, int l, int h, int t, int queriesPerBlock, int padding) {
        int keys = geometry.firstToken(t + 1);
        for (int first = 0; first < geometry.tokens(t); first += queriesPerBlock) {
            int count = Math.min(queriesPerBlock, geometry.tokens(t) - first);
            float[] block = new float[count * (keys + padding)];
            java.util.Arrays.fill(block, Float.NaN);
            for (int q = 0; q < count; q++) {
                System.arraycopy(rows[l][h][t], (first + q) * keys, block, q * (keys + padding), keys);
            }
            observer.observe(new AttentionBlock(
                    geometry,
                    0,
                    Guidance.CONDITIONAL,
                    l,
                    h,
                    t,
                    first,
                    count,
                    keys,
                    runs(geometry, t),
                    block,
                    keys + padding));
        }
    }
}
