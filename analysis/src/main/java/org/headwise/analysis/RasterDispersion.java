package org.headwise.analysis;

import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * How widely a head of a raster model spreads its mass: Shannon entropy of each query's probabilities in nats and as a
 * share of ln(keys), and the mass on the few keys that each query likes most. Queries that predict image tokens 1 and
 * later count, all alike.
 */
public final class RasterDispersion implements Statistic {
    private final Geometry geometry;
    private final RasterDigests.Share shared;
    private final Sums sums = new Sums();
    private final double[] entropy;
    private final double[] relative;
    private final double[] top;
    private final double[] queries;

    public RasterDispersion(Geometry geometry) {
        this(new RasterDigests(geometry));
    }

    RasterDispersion(RasterDigests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        int layers = geometry.layers();
        int heads = geometry.heads();
        entropy = sums.define("entropy", layers, heads, 2);
        relative = sums.define("relative_entropy", layers, heads, 2);
        top = sums.define("top", layers, heads, 2, TopMass.COUNTS.length);
        queries = sums.define("queries", layers, heads, 2);
    }

    @Override
    public String name() {
        return "dispersion";
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
        return "Dispersion";
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
        double nats = block.entropy();
        queries[cell]++;
        entropy[cell] += nats;
        relative[cell] += nats / Math.log(digest.keys());
        double[] largest = digest.top();
        for (int i = 0; i < largest.length; i++) {
            top[cell * largest.length + i] += largest[i];
        }
    }

    @Override
    public List<Column> columns() {
        GuidedColumns columns = new GuidedColumns(geometry, queries)
                .add("entropy", "nats", "mean entropy of the probabilities of a query", c -> entropy[c] / queries[c])
                .add(
                        "relative_entropy",
                        "share",
                        "entropy in shares of its maximum, ln(number of keys): mean over queries",
                        c -> relative[c] / queries[c])
                .add(
                        "effective_keys",
                        "keys",
                        "exp(entropy): the geometric mean of the number of keys that a query spreads over",
                        c -> Math.exp(entropy[c] / queries[c]));
        for (int i = 0; i < TopMass.COUNTS.length; i++) {
            int count = TopMass.COUNTS[i];
            int at = i;
            columns.add(
                    count == 1 ? "maximum" : "top_" + count,
                    "share",
                    count == 1
                            ? "mean largest probability of a query"
                            : "mass on each query's " + count + " favourite keys",
                    c -> top[c * TopMass.COUNTS.length + at] / queries[c]);
        }
        return columns.list();
    }
}
