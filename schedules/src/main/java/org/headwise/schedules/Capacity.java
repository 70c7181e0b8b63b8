package org.headwise.schedules;

import java.util.Comparator;

/**
 * Once the attention of a layer of a step is over, every kv head of the layer keeps at most so many tokens, those of the
 * step itself included; every batch row and kv head chooses its own. Queries of later steps no longer see the others.
 *
 * @param step the step after whose attention tokens go; never the last one, which is not kept anyway
 * @param layer the layer that holds them
 * @param tokens the most that a kv head keeps
 * @param selector chooses them
 */
public record Capacity(int step, int layer, int tokens, Selector selector) implements Rule, Comparable<Capacity> {
    private static final Comparator<Capacity> ORDER =
            Comparator.comparingInt(Capacity::step).thenComparingInt(Capacity::layer);

    /** By step, then layer. */
    @Override
    public int compareTo(Capacity other) {
        return ORDER.compare(this, other);
    }
}
