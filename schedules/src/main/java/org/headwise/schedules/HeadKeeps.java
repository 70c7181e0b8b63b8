package org.headwise.schedules;

import java.util.Comparator;

/**
 * What one kv head of a raster model, which reads one token a step, keeps; every batch row for itself. A kv head without
 * such a rule keeps everything. The prompt is always read as a whole; the rule is first carried out when its attention
 * in the layer is over, and then whenever that of a later step is.
 *
 * @param layer the layer of the head
 * @param kvHead the kv head
 * @param keeping what it keeps
 */
public record HeadKeeps(int layer, int kvHead, Keeping keeping) implements Rule, Comparable<HeadKeeps> {
    private static final Comparator<HeadKeeps> ORDER =
            Comparator.comparingInt(HeadKeeps::layer).thenComparingInt(HeadKeeps::kvHead);

    /** By layer, then head. */
    @Override
    public int compareTo(HeadKeeps other) {
        return ORDER.compare(this, other);
    }
}
