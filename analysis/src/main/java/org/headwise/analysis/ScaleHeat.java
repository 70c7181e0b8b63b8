package org.headwise.analysis;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * How much mass every head gives from each target step to each source step, and S-CAS, HeatKV's score made of it
 * (arXiv 2605.14877, tools/compute_scas.py of its release): the mean over later target steps of the mean over their
 * queries of the mass on the source step.
 */
public final class ScaleHeat implements Statistic {
    /** One head as HeatKV's orders name it. */
    public record HeadOfLayer(int head, int layer) {}

    private final Geometry geometry;
    private final Digests.Share shared;
    private final int steps;
    private final Sums sums = new Sums();
    private final double[] mass;
    private final double[] queries;

    public ScaleHeat(Geometry geometry) {
        this(new Digests(geometry));
    }

    ScaleHeat(Digests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        steps = geometry.steps().size();
        mass = sums.define("mass", geometry.layers(), geometry.heads(), steps, steps);
        queries = sums.define("queries", geometry.layers(), geometry.heads(), steps);
    }

    @Override
    public String name() {
        return "scale-heat";
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
        return "Scale heat";
    }

    @Override
    public Sums sums() {
        return sums;
    }

    @Override
    public void observe(AttentionBlock block) {
        BlockDigest digest = shared.of(block);
        int target = block.step();
        queries[digest.head() * steps + target] += block.queries();
        double[] masses = digest.masses();
        for (int source = 0; source <= target; source++) {
            mass[(digest.head() * steps + source) * steps + target] += masses[source];
        }
    }

    /**
     * Mean over prompts and queries of the mass on each source step: [layers, heads, source, target], in shares of 1. A
     * target's column adds up to 1 over the sources; NaN where a target was not observed, 0 above the diagonal.
     */
    public double[] heat() {
        double[] heat = new double[mass.length];
        for (int i = 0; i < heat.length; i++) {
            int target = i % steps;
            int head = i / (steps * steps);
            heat[i] = mass[i] / queries[head * steps + target];
        }
        return heat;
    }

    /**
     * S-CAS: [layers, heads, steps], in shares of 1.
     *
     * @param sinkScales first source step that may be pruned, from 0
     * @return NaN for steps below {@code sinkScales}, for the last step, and where a later target was not observed
     */
    public double[] scores(int sinkScales) {
        double[] scores = new double[PerHead.count(geometry) * steps];
        double[] heat = heat();
        for (int i = 0; i < scores.length; i++) {
            int source = i % steps;
            scores[i] = source < sinkScales || source == steps - 1
                    ? Double.NaN
                    : sumOverTargets(heat, i, source) / (steps - 1 - source);
        }
        return scores;
    }

    /**
     * The numerator of {@link #scores}, added up over prompts: what HeatKV's own accumulator holds, [layers, heads,
     * steps]; 0 where the score is NaN by definition.
     */
    public double[] accumulated(int sinkScales) {
        double[] accumulated = new double[PerHead.count(geometry) * steps];
        for (int i = 0; i < accumulated.length; i++) {
            int source = i % steps;
            if (source >= sinkScales && source < steps - 1) {
                for (int target = source + 1; target < steps; target++) {
                    accumulated[i] += mass[i * steps + target] / geometry.tokens(target);
                }
            }
        }
        return accumulated;
    }

    private double sumOverTargets(double[] heat, int headAndSource, int source) {
        double sum = 0;
        for (int target = source + 1; target < steps; target++) {
            sum += heat[headAndSource * steps + target];
        }
        return sum;
    }

    /**
     * For every source step from {@code sinkScales} to the last but one, all heads by ascending (score, head, layer).
     *
     * @throws IllegalStateException if a head has no score, because an order of some heads only would prune the wrong ones
     */
    public List<List<HeadOfLayer>> orders(int sinkScales) {
        return orders(geometry, scores(sinkScales), sinkScales);
    }

    /** The orders that scores [layers, heads, steps] give, as {@link #orders(int)} does. */
    static List<List<HeadOfLayer>> orders(Geometry geometry, double[] scores, int sinkScales) {
        int steps = geometry.steps().size();
        List<List<HeadOfLayer>> orders = new ArrayList<>();
        for (int source = sinkScales; source < steps - 1; source++) {
            orders.add(order(geometry, scores, source));
        }
        return orders;
    }

    private static List<HeadOfLayer> order(Geometry geometry, double[] scores, int source) {
        record Scored(double score, int head, int layer) {}
        List<Scored> scored = new ArrayList<>();
        for (int layer = 0; layer < geometry.layers(); layer++) {
            for (int head = 0; head < geometry.heads(); head++) {
                double score = scores[
                        (layer * geometry.heads() + head) * geometry.steps().size() + source];
                if (Double.isNaN(score)) {
                    throw new IllegalStateException("layer " + layer + ", head " + head + " was not observed at every"
                            + " step after " + source + ", so it has no S-CAS score");
                }
                scored.add(new Scored(score, head, layer));
            }
        }
        scored.sort(java.util.Comparator.comparingDouble(Scored::score)
                .thenComparingInt(Scored::head)
                .thenComparingInt(Scored::layer));
        return scored.stream().map(s -> new HeadOfLayer(s.head(), s.layer())).toList();
    }

    @Override
    public List<Column> columns() {
        double[] heat = heat();
        double[] scores = scores(0);
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(
                "own", "share", "mass on the current scale", PerHead.of(geometry, h -> overTargets(heat, h, 0))));
        columns.add(new Column(
                "previous",
                "share",
                "mass on the scale just before",
                PerHead.of(geometry, h -> overTargets(heat, h, 1))));
        for (int s = 0; s < steps - 1; s++) {
            int source = s;
            columns.add(new Column(
                    "scas_" + s,
                    "share",
                    "S-CAS of source scale " + s + ": mean mass that later scales give it",
                    PerHead.of(geometry, h -> scores[h * steps + source])));
        }
        return columns;
    }

    private double overTargets(double[] heat, int head, int back) {
        double sum = 0;
        int seen = 0;
        for (int target = Math.max(back, 1); target < steps; target++) {
            double share = heat[(head * steps + target - back) * steps + target];
            if (!Double.isNaN(share)) {
                sum += share;
                seen++;
            }
        }
        return seen == 0 ? Double.NaN : sum / seen;
    }
}
