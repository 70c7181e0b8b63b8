package org.headwise.analysis;

import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * How widely a head spreads its mass: Shannon entropy of each query's probabilities in nats, the effective number of keys
 * exp(entropy), the entropy of its masses on source scales, and its largest probability.
 */
public final class Dispersion implements Statistic {
    private final Geometry geometry;
    private final Digests.Share shared;
    private final int steps;
    private final Sums sums = new Sums();
    private final double[] entropy;
    private final double[] scaleMass;
    private final double[] maximum;
    private final double[] queries;
    private final double[] keys;

    public Dispersion(Geometry geometry) {
        this(new Digests(geometry));
    }

    Dispersion(Digests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        steps = geometry.steps().size();
        int layers = geometry.layers();
        int heads = geometry.heads();
        entropy = sums.define("entropy", layers, heads, steps);
        scaleMass = sums.define("scale_mass", layers, heads, steps, steps);
        maximum = sums.define("maximum", layers, heads, steps);
        queries = sums.define("queries", layers, heads, steps);
        keys = sums.define("keys", layers, heads, steps);
    }

    @Override
    public String name() {
        return "dispersion";
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public String title() {
        return "Dispersion";
    }

    @Override
    public Sums sums() {
        return sums;
    }

    @Override
    public void observe(AttentionBlock block) {
        BlockDigest digest = shared.of(block);
        int cell = digest.head() * steps + block.step();
        entropy[cell] += block.entropy();
        for (int source = 0; source <= block.step(); source++) {
            scaleMass[cell * steps + source] += digest.masses()[source];
        }
        maximum[cell] += digest.top().sums()[0];
        queries[cell] += block.queries();
        keys[cell] += (double) block.queries() * block.keys();
    }

    /** Mean entropy of a head's queries of one step, in nats, from 0 to ln(keys); NaN when none was seen. */
    public double entropy(int layer, int head, int step) {
        int cell = (layer * geometry.heads() + head) * steps + step;
        return entropy[cell] / queries[cell];
    }

    @Override
    public List<Column> columns() {
        double[] relative = new double[entropy.length];
        double[] effective = new double[entropy.length];
        double[] spread = new double[entropy.length];
        for (int i = 0; i < entropy.length; i++) {
            // One visible key leaves no choice: its entropy is 0 of 0.
            double most = Math.log(keys[i] / queries[i]);
            relative[i] = most > 0 ? entropy[i] / most : 0;
            effective[i] = queries[i] * Math.exp(entropy[i] / queries[i]);
            spread[i] = queries[i] * spread(i);
        }
        return List.of(
                column("entropy", "nats", "mean entropy of the probabilities of a query", entropy),
                column("relative_entropy", "share", "entropy in shares of its maximum, ln(number of keys)", relative),
                column(
                        "effective_keys",
                        "keys",
                        "exp(entropy): the geometric mean of the number of keys that a query spreads over",
                        effective),
                column("scale_spread", "nats", "entropy of the mean masses on source scales", spread),
                column("maximum", "share", "mean largest probability of a query", maximum));
    }

    private double spread(int cell) {
        double sum = 0;
        for (int source = 0; source < steps; source++) {
            double mass = scaleMass[cell * steps + source] / queries[cell];
            sum -= mass > 0 ? mass * Math.log(mass) : 0;
        }
        return sum;
    }

    private Column column(String name, String unit, String description, double[] from) {
        return new Column(
                name,
                unit,
                description,
                PerHead.of(geometry, h -> PerHead.meanOverTargets(from, h * steps, queries, h * steps, steps)));
    }
}
