package org.headwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.headwise.attention.AttentionBlock;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/**
 * How near in the image a head looks, in the current scale and in earlier ones. A key's distance is counted from the cell
 * of its own grid in which the centre of the query's cell lies: Chebyshev rings in cells of that grid, and a Euclidean
 * mean where the image is one high and one wide.
 */
public final class Locality implements Statistic {
    private static final int[] RADII = {1, 2, 4};

    private final Geometry geometry;
    private final Digests.Share shared;
    private final int steps;
    private final int rings;
    private final Sums sums = new Sums();
    private final double[] ownRings;
    private final double[] ownDistance;
    private final double[] earlierRings;
    private final double[] earlierDistance;
    private final double[] queries;

    public Locality(Geometry geometry) {
        this(new Digests(geometry));
    }

    Locality(Digests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        steps = geometry.steps().size();
        rings = Displacement.rings(geometry);
        int layers = geometry.layers();
        int heads = geometry.heads();
        ownRings = sums.define("own_rings", layers, heads, steps, rings);
        ownDistance = sums.define("own_distance", layers, heads, steps);
        earlierRings = sums.define("earlier_rings", layers, heads, steps, rings);
        earlierDistance = sums.define("earlier_distance", layers, heads, steps);
        queries = sums.define("queries", layers, heads, steps);
    }

    @Override
    public String name() {
        return "locality";
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
        return "Locality";
    }

    @Override
    public Sums sums() {
        return sums;
    }

    @Override
    public void observe(AttentionBlock block) {
        BlockDigest digest = shared.of(block);
        int target = block.step();
        int first = digest.head() * steps;
        queries[first + target] += block.queries();
        Displacement displacement = digest.displacement();
        for (int source = 0; source <= target; source++) {
            boolean own = source == target;
            add(displacement.rings(source), own ? ownRings : earlierRings, (first + source) * rings);
            (own ? ownDistance : earlierDistance)[first + source] += displacement.distance(source);
        }
    }

    private static void add(double[] from, double[] into, int at) {
        for (int i = 0; i < from.length; i++) {
            into[at + i] += from[i];
        }
    }

    /**
     * Share of a head's mass on a step's keys by ring: distance 0, 1, 2, 3 to 4, 5 to 8, ... cells of that step's grid.
     *
     * @param own mass that the step's own queries give, or else that of all later steps' queries
     * @return [rings], adding up to 1; NaN where there was no mass
     */
    public double[] rings(int layer, int head, int step, boolean own) {
        double[] from = own ? ownRings : earlierRings;
        int at = ((layer * geometry.heads() + head) * steps + step) * rings;
        double total = 0;
        for (int r = 0; r < rings; r++) {
            total += from[at + r];
        }
        double[] shares = new double[rings];
        for (int r = 0; r < rings; r++) {
            shares[r] = from[at + r] / total;
        }
        return shares;
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (boolean own : new boolean[] {true, false}) {
            String scale = own ? "own" : "earlier";
            String where = own ? "the current scale" : "earlier scales";
            for (int radius : RADII) {
                if (!someScaleExceeds(radius, own)) {
                    continue;
                }
                columns.add(new Column(
                        scale + "_within_" + radius,
                        "share",
                        String.format(
                                Locale.ROOT,
                                "share of the mass on %s within %d cell%s; scales that fit into such a window are left"
                                        + " out",
                                where,
                                radius,
                                radius == 1 ? "" : "s"),
                        PerHead.of(geometry, h -> within(own ? ownRings : earlierRings, h, radius))));
            }
            if (geometry.steps().stream().limit(own ? steps : steps - 1).noneMatch(grid -> grid.tokens() > 1)) {
                continue;
            }
            columns.add(new Column(
                    scale + "_distance",
                    "image",
                    "mean distance of the mass on " + where + ", image height and width being 1",
                    PerHead.of(
                            geometry,
                            h -> own
                                    ? distance(ownRings, ownDistance, h)
                                    : distance(earlierRings, earlierDistance, h))));
        }
        return columns;
    }

    private boolean someScaleExceeds(int radius, boolean own) {
        return geometry.steps().stream().limit(own ? steps : steps - 1).anyMatch(grid -> exceeds(grid, radius));
    }

    private static boolean exceeds(Grid grid, int radius) {
        return Math.max(grid.height(), grid.width()) > 2 * radius + 1;
    }

    private double within(double[] from, int head, int radius) {
        double inside = 0;
        double all = 0;
        for (int s = 0; s < steps; s++) {
            if (exceeds(geometry.steps().get(s), radius)) {
                for (int r = 0; r < rings; r++) {
                    double mass = from[(head * steps + s) * rings + r];
                    all += mass;
                    inside += r <= Displacement.ring(radius) ? mass : 0;
                }
            }
        }
        return inside / all;
    }

    private double distance(double[] from, double[] distances, int head) {
        double sum = 0;
        double all = 0;
        for (int s = 0; s < steps; s++) {
            if (geometry.tokens(s) > 1) {
                sum += distances[head * steps + s];
                for (int r = 0; r < rings; r++) {
                    all += from[(head * steps + s) * rings + r];
                }
            }
        }
        return sum / all;
    }
}
