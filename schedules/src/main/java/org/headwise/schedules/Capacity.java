package org.headwise.schedules;

import java.util.Comparator;

/**
 * Once the attention of a layer of a step is over, a kv head of the layer, or every one of them, keeps at most so many
 * tokens, those of the step itself included; every batch row and kv head chooses its own. Queries of later steps no
 * longer see the others.
 *
 * @param step the step after whose attention tokens go; never the last one, which is not kept anyway
 * @param layer the layer that holds them
 * @param kvHead the kv head that it limits, or {@link #EVERY}
 * @param tokens the most that a kv head keeps
 * @param selector chooses them
 */
public record Capacity(int step, int layer, int kvHead, int tokens, Selector selector)
        implements Rule, Comparable<Capacity> {
    /** All kv heads of the layer alike. */
    public static final int EVERY = -1;

    private static final Comparator<Capacity> ORDER = Comparator.comparingInt(Capacity::step)
            .thenComparingInt(Capacity::layer)
            .thenComparingInt(Capacity::kvHead);

    /** One for all kv heads of a layer. */
    public Capacity(int step, int layer, int tokens, Selector selector) {
        this(step, layer, EVERY, tokens, selector);
    }

    /** Whether it limits a single kv head. */
    public boolean ofOneHead() {
        return kvHead != EVERY;
    }

    /** By step, then layer, then kv head. */
    @Override
    public int compareTo(Capacity other) {
        return ORDER.compare(this, other);
    }
}
