package org.headwise.schedules.compare;

import java.util.List;

/**
 * What two schedules keep in common.
 *
 * @param first index of the one schedule
 * @param second index of the other
 * @param steps after each step of the axes; the last one is after the last step
 * @param layers by layer, after the last step
 * @param sources by source, after the last step
 * @param heads by layer and kv head, after the last step
 */
public record PairOverlap(
        int first,
        int second,
        List<Overlap> steps,
        List<Overlap> layers,
        List<Overlap> sources,
        List<List<Overlap>> heads) {
    public PairOverlap {
        steps = List.copyOf(steps);
        layers = List.copyOf(layers);
        sources = List.copyOf(sources);
        heads = List.copyOf(heads);
    }

    /** After the last step. */
    public Overlap last() {
        return steps.getLast();
    }

    /** All steps together: a token counts as often as it is held when a step is over. */
    public Overlap allSteps() {
        return steps.stream().reduce(Overlap.NONE, Overlap::plus);
    }
}
