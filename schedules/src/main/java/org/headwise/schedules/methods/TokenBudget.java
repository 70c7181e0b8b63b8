package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/** What methods that limit layers to a number of tokens have in common. */
final class TokenBudget {
    private static final double SLACK = 1e-9;

    private TokenBudget() {}

    /** Tokens that a kv head may hold between steps, if all layers may hold the same. */
    static int perHead(Budget budget, Geometry geometry) {
        // A share that was made of a number of tokens shall give that number back.
        return (int) Math.floor(budget.share() * geometry.incomingTokens() + SLACK);
    }

    /** A schedule of capacities that stay the same from step to step; none at steps where they would take nothing away. */
    static Schedule constant(
            Geometry geometry,
            Settings settings,
            Budget budget,
            int[] perLayer,
            Selector selector,
            Provenance provenance) {
        List<Rule> rules = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size() - 1; step++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                if (geometry.firstToken(step + 1) > perLayer[layer]) {
                    rules.add(new Capacity(step, layer, perLayer[layer], selector));
                }
            }
        }
        return new Schedule(geometry, settings.method(), new TreeMap<>(settings.values()), budget, rules, provenance);
    }

    /** A schedule with the same capacity in every layer. */
    static Schedule uniform(
            Geometry geometry, Settings settings, Budget budget, Selector selector, Provenance provenance) {
        int[] perLayer = new int[geometry.layers()];
        Arrays.fill(perLayer, perHead(budget, geometry));
        return constant(geometry, settings, budget, perLayer, selector, provenance);
    }
}
