package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/** Random geometries and schedules that a freed cache can execute. */
final class RandomSchedules {
    private RandomSchedules() {}

    static Geometry geometry(SplittableRandom random) {
        List<Grid> steps = new ArrayList<>();
        int count = random.nextInt(2, 7);
        for (int step = 0; step < count; step++) {
            steps.add(new Grid(random.nextInt(1, 6), random.nextInt(1, 6)));
        }
        int kvHeads = random.nextInt(1, 4);
        return new Geometry(
                "random", random.nextInt(1, 5), kvHeads * random.nextInt(1, 3), kvHeads, random.nextInt(1, 10), steps);
    }

    static Schedule schedule(Geometry geometry, SplittableRandom random) {
        double share = random.nextDouble();
        int layers = geometry.layers();
        List<Rule> rules = new ArrayList<>();
        for (int source = 0; source < geometry.steps().size() - 1; source++) {
            for (int layer = 0; layer < layers; layer++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    if (random.nextDouble() < share) {
                        int afterStep = random.nextInt(source, geometry.steps().size());
                        int first = afterStep == source ? layer : -1;
                        rules.add(new EvictScale(source, layer, head, afterStep, random.nextInt(first, layers)));
                    }
                }
            }
        }
        return of(geometry, rules);
    }

    static Schedule of(Geometry geometry, List<Rule> rules) {
        Provenance provenance = new Provenance("test", List.of(), new TreeMap<>(), List.of(), Map.of());
        return new Schedule(geometry, "random", new TreeMap<>(), Budget.parse("100%"), rules, provenance);
    }
}
