package org.headwise.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/** Random geometries of raster models and schedules for them. */
public final class RandomKeepings {
    private RandomKeepings() {}

    /** With shared kv heads at times, and a prompt of 1 to 8 tokens. */
    public static Geometry geometry(Random random) {
        int kvHeads = 1 + random.nextInt(3);
        Grid image = new Grid(1 + random.nextInt(5), 1 + random.nextInt(5));
        int heads = kvHeads * (1 + random.nextInt(2));
        return Geometry.raster("test", 1 + random.nextInt(3), heads, kvHeads, 2 * (1 + random.nextInt(8)), image)
                .withPrompt(1 + random.nextInt(8));
    }

    /** Some kv heads keep everything. */
    public static Schedule schedule(Geometry geometry, Random random) {
        List<Rule> rules = new ArrayList<>();
        for (int layer = 0; layer < geometry.layers(); layer++) {
            Keeping shared = keeping(random);
            for (int head = 0; head < geometry.kvHeads(); head++) {
                switch (random.nextInt(4)) {
                    case 0 -> rules.add(new HeadKeeps(layer, head, shared));
                    case 1, 2 -> rules.add(new HeadKeeps(layer, head, keeping(random)));
                    default -> {}
                }
            }
        }
        java.util.Collections.shuffle(rules, random);
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

    private static Keeping keeping(Random random) {
        boolean promptKept = random.nextBoolean();
        int refresh = random.nextBoolean() ? 1 : 1 + random.nextInt(5);
        return switch (random.nextInt(4)) {
            case 0 -> new Keeping.Newest(random.nextInt(5), 1 + random.nextInt(6), promptKept, random.nextBoolean());
            case 1 ->
                new Keeping.Heaviest(random.nextInt(5), random.nextInt(4), promptKept, random.nextBoolean(), refresh);
            case 2 -> {
                int window = 1 + random.nextInt(3);
                yield new Keeping.Observed(
                        window + random.nextInt(5),
                        window,
                        1 + 2 * random.nextInt(3),
                        Pooling.values()[random.nextInt(2)],
                        promptKept,
                        refresh);
            }
            default -> new Keeping.Chance(random.nextInt(7), random.nextLong(), promptKept);
        };
    }
}
