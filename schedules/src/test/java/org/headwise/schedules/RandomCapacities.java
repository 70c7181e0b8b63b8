package org.headwise.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.headwise.model.Geometry;

/** Random schedules that choose tokens; evictions of whole scales in the layers that choose none. */
public final class RandomCapacities {
    private RandomCapacities() {}

    public static Schedule schedule(Geometry geometry, Random random) {
        List<Rule> rules = new ArrayList<>();
        for (int layer = 0; layer < geometry.layers(); layer++) {
            Selector selector = selector(random);
            boolean limits = random.nextInt(4) > 0;
            if (limits && random.nextBoolean()) {
                ofSingleHeads(geometry, layer, random, rules);
                continue;
            }
            for (int step = 0; step < geometry.steps().size() - 1; step++) {
                if (limits && random.nextBoolean()) {
                    int most = geometry.firstToken(step + 1) + 2;
                    rules.add(new Capacity(step, layer, random.nextInt(most), selector));
                } else if (!limits && random.nextBoolean()) {
                    rules.add(new EvictScale(step, layer, random.nextInt(geometry.kvHeads()), step, layer));
                }
            }
        }
        java.util.Collections.shuffle(rules, random);
        return of(geometry, rules);
    }

    /** Some kv heads of a layer, each by its own selector. */
    private static void ofSingleHeads(Geometry geometry, int layer, Random random, List<Rule> rules) {
        for (int head = 0; head < geometry.kvHeads(); head++) {
            Selector selector = selector(random);
            boolean limits = random.nextInt(3) > 0;
            for (int step = 0; step < geometry.steps().size() - 1; step++) {
                if (limits && random.nextBoolean()) {
                    int most = geometry.firstToken(step + 1) + 2;
                    rules.add(new Capacity(step, layer, head, random.nextInt(most), selector));
                }
            }
        }
    }

    /** So many tokens after every step in every layer. */
    public static Schedule uniform(Geometry geometry, int tokens, Selector selector) {
        List<Rule> rules = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size() - 1; step++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                rules.add(new Capacity(step, layer, tokens, selector));
            }
        }
        return of(geometry, rules);
    }

    public static Schedule of(Geometry geometry, List<? extends Rule> rules) {
        return new Schedule(
                geometry,
                "random",
                new TreeMap<>(),
                new Budget(0.5, Budget.Meaning.BETWEEN_STEPS),
                List.copyOf(rules),
                Cases.PROVENANCE);
    }

    private static Selector selector(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new Selector.Recent(random.nextInt(6));
            case 1 -> new Selector.Chance(random.nextLong());
            case 2 -> new Selector.HeavyHitters(random.nextInt(6));
            case 3 ->
                new Selector.Sampled(
                        Placement.values()[random.nextInt(2)],
                        1 + random.nextInt(10),
                        random.nextInt(6),
                        random.nextBoolean());
            default ->
                new Selector.Observed(
                        Placement.values()[random.nextInt(2)],
                        1 + random.nextInt(10),
                        1 + 2 * random.nextInt(3),
                        Pooling.values()[random.nextInt(2)]);
        };
    }
}
