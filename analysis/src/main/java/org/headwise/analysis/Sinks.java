package org.headwise.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.KeyRun;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/**
 * Where mass piles up: on the first tokens, on the first scales, on the few keys that each query likes most, and on the
 * same keys for all queries (received mass, pooled to at most 16 x 16 cells per source scale).
 */
public final class Sinks implements Statistic {
    private static final int[] FIRST_TOKENS = {1, 4, 16, 64};
    private static final int FIRST_SCALES = 4;

    private final Geometry geometry;
    private final Digests.Share shared;
    private final int steps;
    private final int scales;
    private final PooledCells cells;
    private final int[] firstTokenOfStep;
    private final Sums sums = new Sums();
    private final double[] tokens;
    private final double[] scaleMass;
    private final double[] top;
    private final double[] received;
    private final double[] exposure;
    private final double[] queries;

    public Sinks(Geometry geometry) {
        this(new Digests(geometry));
    }

    Sinks(Digests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        steps = geometry.steps().size();
        scales = Math.min(FIRST_SCALES, steps);
        cells = new PooledCells(geometry);
        firstTokenOfStep = new int[steps];
        Arrays.setAll(firstTokenOfStep, geometry::firstToken);
        int layers = geometry.layers();
        int heads = geometry.heads();
        tokens = sums.define("first_tokens", layers, heads, FIRST_TOKENS.length, steps);
        scaleMass = sums.define("first_scales", layers, heads, scales, steps);
        top = sums.define("top", layers, heads, TopMass.COUNTS.length, steps);
        received = sums.define("received", layers, heads, cells.count());
        exposure = sums.define("exposure", layers, heads, steps);
        queries = sums.define("queries", layers, heads, steps);
    }

    @Override
    public String name() {
        return "sinks";
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
        return "Sinks";
    }

    @Override
    public Sums sums() {
        return sums;
    }

    @Override
    public void observe(AttentionBlock block) {
        BlockDigest digest = shared.of(block);
        int head = digest.head();
        int target = block.step();
        queries[head * steps + target] += block.queries();
        double[] sorted = digest.top().sums();
        for (int i = 0; i < sorted.length; i++) {
            top[(head * sorted.length + i) * steps + target] += sorted[i];
        }
        double upTo = 0;
        for (int s = 0; s < scales; s++) {
            upTo += digest.masses()[s];
            scaleMass[(head * scales + s) * steps + target] += upTo;
        }
        int key = 0;
        for (KeyRun run : block.runs()) {
            observeFirstTokens(digest.columns(), key, run, head, target);
            cells.add(digest.columns(), key, run, received, head * cells.count());
            exposure[head * steps + run.step()] += (double) block.queries() * run.count() / geometry.tokens(run.step());
            key += run.count();
        }
    }

    private void observeFirstTokens(double[] columns, int key, KeyRun run, int head, int target) {
        int token = firstTokenOfStep[run.step()] + run.firstToken();
        for (int i = 0; i < FIRST_TOKENS.length; i++) {
            int count = Math.min(run.count(), FIRST_TOKENS[i] - token);
            for (int k = 0; k < count; k++) {
                tokens[(head * FIRST_TOKENS.length + i) * steps + target] += columns[key + k];
            }
        }
    }

    /** The grid that the received mass of a source step is pooled to: at most 16 x 16. */
    public Grid receivedGrid(int step) {
        return cells.grid(step);
    }

    /**
     * Mass that one query gives on average to one key of each cell: [rows, columns] of {@link #receivedGrid}; queries of
     * the step itself and of later ones. NaN where nothing was observed.
     */
    public double[] received(int layer, int head, int step) {
        int h = layer * geometry.heads() + head;
        double[] mean = new double[cells.grid(step).tokens()];
        int[] keys = cells.keys(step);
        for (int c = 0; c < mean.length; c++) {
            mean[c] = received[h * cells.count() + cells.first(step) + c] / (keys[c] * exposure[h * steps + step]);
        }
        return mean;
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(share("first_token", "mass on the very first token", tokens, FIRST_TOKENS.length, 0));
        for (int i = 1; i < FIRST_TOKENS.length; i++) {
            int n = FIRST_TOKENS[i];
            columns.add(share(
                    "first_" + n + "_tokens", "mass on the first " + n + " tokens", tokens, FIRST_TOKENS.length, i));
        }
        for (int s = 1; s < scales; s++) {
            int n = s + 1;
            columns.add(share("first_" + n + "_scales", "mass on the first " + n + " scales", scaleMass, scales, s));
        }
        for (int i = 0; i < TopMass.COUNTS.length; i++) {
            int k = TopMass.COUNTS[i];
            columns.add(share(
                    "top_" + k,
                    k == 1 ? "mass on each query's favourite key" : "mass on each query's " + k + " favourite keys",
                    top,
                    TopMass.COUNTS.length,
                    i));
        }
        columns.add(new Column(
                "concentration",
                "gini",
                "how unequally the keys of a scale are looked at: mean over scales of the Gini index of received mass, 0"
                        + " when all keys receive the same",
                PerHead.of(geometry, this::concentration)));
        return columns;
    }

    private Column share(String name, String description, double[] from, int rows, int row) {
        return new Column(
                name,
                "share",
                description,
                PerHead.of(
                        geometry,
                        h -> PerHead.meanOverTargets(from, (h * rows + row) * steps, queries, h * steps, steps)));
    }

    private double concentration(int head) {
        double sum = 0;
        int seen = 0;
        for (int s = 0; s < steps; s++) {
            if (cells.grid(s).tokens() > 1 && exposure[head * steps + s] > 0) {
                sum += gini(received(head / geometry.heads(), head % geometry.heads(), s), cells.keys(s));
                seen++;
            }
        }
        return seen == 0 ? Double.NaN : sum / seen;
    }

    /** Gini index of a quantity per key, given for cells of so many keys: 0 when equal, towards 1 when one key has all. */
    static double gini(double[] perKey, int[] keys) {
        Integer[] order = new Integer[perKey.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(perKey[a], perKey[b]));
        double all = 0;
        double count = 0;
        for (int c = 0; c < perKey.length; c++) {
            all += perKey[c] * keys[c];
            count += keys[c];
        }
        double area = 0;
        double below = 0;
        for (int c : order) {
            double next = below + perKey[c] * keys[c] / all;
            area += keys[c] / count * (below + next);
            below = next;
        }
        return all == 0 ? Double.NaN : 1 - area;
    }
}
