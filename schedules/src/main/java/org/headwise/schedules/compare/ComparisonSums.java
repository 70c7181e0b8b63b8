package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.List;
import org.headwise.model.Geometry;

/** Adds up what some schedules keep, each by itself and each pair in common. */
final class ComparisonSums {
    private final List<KeptCells> kept = new ArrayList<>();
    private final List<OverlapSums> overlaps = new ArrayList<>();

    ComparisonSums(int schedules, Geometry geometry) {
        Axes axes = Axes.of(geometry);
        for (int i = 0; i < schedules; i++) {
            kept.add(new KeptCells(geometry, axes));
            for (int j = i + 1; j < schedules; j++) {
                overlaps.add(new OverlapSums(i, j, geometry, axes));
            }
        }
    }

    /** One more batch row begins. */
    void begin(Axes axes) {
        kept.forEach(cells -> cells.begin(axes));
    }

    /** @param held by schedule, what a kv head holds after a step of the axes */
    void add(Axes axes, int s, int layer, int head, List<KnownTokens> held) {
        for (int i = 0; i < kept.size(); i++) {
            kept.get(i).add(axes, s, layer, head, held.get(i));
        }
        overlaps.forEach(sums -> sums.add(axes, s, layer, head, held));
    }

    List<KeptCells> kept() {
        return List.copyOf(kept);
    }

    List<PairOverlap> overlaps() {
        return overlaps.stream().map(OverlapSums::result).toList();
    }
}
