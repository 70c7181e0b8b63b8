package org.headwise.analysis;

import java.util.List;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Accumulator;
import org.headwise.model.Geometry;

/**
 * Something measured of every head while a model runs. Its whole state is sums and counts, so shards merge by adding. Those
 * of next-scale models look at the conditional rows only, as HeatKV does; those of raster models keep both kinds apart. A new one is a file of its own and a line in {@link Statistics}.
 */
public interface Statistic extends Accumulator {
    /** The geometry that the sums are laid out for. */
    Geometry geometry();

    /** What it is called in tables and charts. */
    String title();

    /** The results so far, one number per head and column. */
    List<Column> columns();

    @Override
    default boolean wants(Guidance guidance) {
        return guidance == Guidance.CONDITIONAL;
    }
}
