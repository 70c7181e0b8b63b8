package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.model.Geometry;

/** Adds up what two schedules keep in common. */
final class OverlapSums {
    private final int first;
    private final int second;
    private final int heads;
    private final Overlap[] bySteps;
    private final Overlap[] bySources;
    private final Overlap[] byHeads;

    OverlapSums(int first, int second, Geometry geometry, Axes axes) {
        this.first = first;
        this.second = second;
        this.heads = geometry.kvHeads();
        bySteps = none(axes.steps().size());
        bySources = none(axes.sources().size());
        byHeads = none(geometry.layers() * heads);
    }

    private static Overlap[] none(int count) {
        Overlap[] none = new Overlap[count];
        Arrays.fill(none, Overlap.NONE);
        return none;
    }

    /** @param held by schedule, what a kv head holds after a step of the axes */
    void add(Axes axes, int s, int layer, int head, List<KnownTokens> held) {
        KnownTokens a = held.get(first);
        KnownTokens b = held.get(second);
        Overlap overlap = Overlap.of(a, b);
        bySteps[s] = bySteps[s].plus(overlap);
        if (s == bySteps.length - 1) {
            byHeads[layer * heads + head] = byHeads[layer * heads + head].plus(overlap);
            for (int source = 0; source < bySources.length; source++) {
                Axes.Source of = axes.sources().get(source);
                bySources[source] =
                        bySources[source].plus(Overlap.of(a.within(of.from(), of.to()), b.within(of.from(), of.to())));
            }
        }
    }

    PairOverlap result() {
        List<List<Overlap>> layers = new ArrayList<>();
        for (int from = 0; from < byHeads.length; from += heads) {
            layers.add(List.of(Arrays.copyOfRange(byHeads, from, from + heads)));
        }
        return new PairOverlap(
                first,
                second,
                List.of(bySteps),
                layers.stream()
                        .map(layer -> layer.stream().reduce(Overlap.NONE, Overlap::plus))
                        .toList(),
                List.of(bySources),
                layers);
    }
}
