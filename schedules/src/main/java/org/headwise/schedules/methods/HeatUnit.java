package org.headwise.schedules.methods;

import java.util.Comparator;

/** What HeatKV removes or keeps as a whole: the keys of one source scale in one head. */
public record HeatUnit(int source, int layer, int head) implements Comparable<HeatUnit> {
    private static final Comparator<HeatUnit> ORDER = Comparator.comparingInt(HeatUnit::source)
            .thenComparingInt(HeatUnit::layer)
            .thenComparingInt(HeatUnit::head);

    @Override
    public int compareTo(HeatUnit other) {
        return ORDER.compare(this, other);
    }
}
