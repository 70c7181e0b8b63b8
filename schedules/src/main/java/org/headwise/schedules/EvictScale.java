package org.headwise.schedules;

import java.util.Comparator;

/**
 * The keys and values that one source scale left in one kv head are released once the attention of a layer of a step is
 * over. Queries of later moments no longer see them.
 *
 * @param source the step that made the keys; never the last step, which is not kept anyway
 * @param layer the layer that holds them
 * @param kvHead the kv head that holds them
 * @param afterStep the step after whose attention they go
 * @param afterLayer the layer of that step after whose attention they go; -1 stands for the moment between two steps,
 *     before the first layer of {@code afterStep} is written
 */
public record EvictScale(int source, int layer, int kvHead, int afterStep, int afterLayer)
        implements Rule, Comparable<EvictScale> {
    private static final Comparator<EvictScale> ORDER = Comparator.comparingInt(EvictScale::afterStep)
            .thenComparingInt(EvictScale::afterLayer)
            .thenComparingInt(EvictScale::source)
            .thenComparingInt(EvictScale::layer)
            .thenComparingInt(EvictScale::kvHead);

    /** Whether the keys are gone when {@code layer} of {@code step} attends. */
    public boolean hides(int step) {
        return afterStep < step || afterStep == step && afterLayer < layer;
    }

    /** By the moment of release, then source, layer and head. */
    @Override
    public int compareTo(EvictScale other) {
        return ORDER.compare(this, other);
    }
}
