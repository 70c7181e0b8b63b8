package org.headwise.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * ScaleKV's attention selectivity index (arXiv 2505.19602, equation 2): the mass that an average query gives to its own
 * scale, times the mass that it gives to the K' keys of earlier scales that it likes most. The paper leaves K' open, so
 * the sums are kept for 1, 8 and 32.
 */
public final class Selectivity implements Statistic {
    /** The values of K' that are summed. */
    public static final List<Integer> TOP =
            Arrays.stream(TopMass.COUNTS).boxed().toList();

    /** Keeps the Z-score of a scale whose layers are all alike finite; equation 3 has it without a value. */
    private static final double EPSILON = 1e-8;

    private final Geometry geometry;
    private final Digests.Share shared;
    private final int steps;
    private final Sums sums = new Sums();
    private final double[] current;
    private final double[] history;
    private final double[] queries;

    public Selectivity(Geometry geometry) {
        this(new Digests(geometry));
    }

    Selectivity(Digests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        steps = geometry.steps().size();
        current = sums.define("current", geometry.layers(), geometry.heads(), steps);
        history = sums.define("history_top", geometry.layers(), geometry.heads(), TOP.size(), steps);
        queries = sums.define("queries", geometry.layers(), geometry.heads(), steps);
    }

    @Override
    public String name() {
        return "selectivity";
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
        return "Selectivity";
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
        current[head * steps + target] += digest.masses()[target];
        double[] top = digest.top().sumsOfFirst();
        for (int i = 0; i < top.length; i++) {
            history[(head * top.length + i) * steps + target] += top[i];
        }
    }

    /**
     * The index of every layer and step, [layers, steps], from 0 to 1/4: both masses are means over prompts, queries and
     * heads before they are multiplied. NaN where nothing was observed; 0 at the first step, which has no history.
     *
     * @param top K', one of {@link #TOP}
     */
    public double[] index(int top) {
        double[] index = new double[geometry.layers() * steps];
        for (int i = 0; i < index.length; i++) {
            int layer = i / steps;
            double own = 0;
            double liked = 0;
            double count = 0;
            for (int head = layer * geometry.heads(); head < (layer + 1) * geometry.heads(); head++) {
                own += current[head * steps + i % steps];
                liked += history[at(head, top) + i % steps];
                count += queries[head * steps + i % steps];
            }
            index[i] = own / count * (liked / count);
        }
        return index;
    }

    /**
     * The index in standard deviations from the mean of its step's layers (equation 3), [layers, steps]: low for
     * drafters, which look around, high for refiners, which look at few tokens.
     */
    public double[] zScores(int top) {
        double[] index = index(top);
        double[] z = new double[index.length];
        int layers = geometry.layers();
        for (int step = 0; step < steps; step++) {
            double mean = 0;
            for (int layer = 0; layer < layers; layer++) {
                mean += index[layer * steps + step] / layers;
            }
            double variance = 0;
            for (int layer = 0; layer < layers; layer++) {
                variance += Math.pow(index[layer * steps + step] - mean, 2) / layers;
            }
            for (int layer = 0; layer < layers; layer++) {
                z[layer * steps + step] = (index[layer * steps + step] - mean) / (Math.sqrt(variance) + EPSILON);
            }
        }
        return z;
    }

    private int at(int head, int top) {
        int which = TOP.indexOf(top);
        if (which < 0) {
            throw new InputRefused("the selectivity is calibrated for the " + TOP + " keys liked most, found " + top);
        }
        return (head * TOP.size() + which) * steps;
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(
                "current",
                "share",
                "mass on the current scale",
                PerHead.of(geometry, h -> PerHead.meanOverTargets(current, h * steps, queries, h * steps, steps))));
        for (int top : TOP) {
            columns.add(new Column(
                    "history_top_" + top,
                    "share",
                    "mass on the " + (top == 1 ? "key" : top + " keys")
                            + " of earlier scales that each query likes most",
                    PerHead.of(
                            geometry, h -> PerHead.meanOverTargets(history, at(h, top), queries, h * steps, steps))));
        }
        for (int top : TOP) {
            columns.add(new Column(
                    "index_" + top,
                    "index",
                    "attention selectivity: current times history_top_" + top + ", mean over scales",
                    PerHead.of(geometry, h -> meanIndex(h, top))));
        }
        return columns;
    }

    private double meanIndex(int head, int top) {
        double sum = 0;
        int seen = 0;
        for (int step = steps > 1 ? 1 : 0; step < steps; step++) {
            double count = queries[head * steps + step];
            if (count > 0) {
                sum += current[head * steps + step] / count * (history[at(head, top) + step] / count);
                seen++;
            }
        }
        return seen == 0 ? Double.NaN : sum / seen;
    }
}
