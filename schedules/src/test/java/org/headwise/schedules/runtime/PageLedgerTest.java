package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.Queries;
import org.headwise.attention.Received;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.RandomCapacities;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The predicted bytes against those that a cache really took, whatever the rules, rows and pages. */
class PageLedgerTest {
    @Test
    void wholeScales() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 300; trial++) {
            Schedule schedule = RandomSchedules.schedule(RandomSchedules.geometry(random), random);
            compare(schedule, new Random(random.nextLong()), "seed " + seed + ", trial " + trial);
        }
    }

    @Test
    void chosenTokens() {
        long seed = new SplittableRandom().nextLong();
        Random random = new Random(seed);
        for (int trial = 0; trial < 200; trial++) {
            Schedule schedule = RandomCapacities.schedule(Cases.randomGeometry(random), random);
            compare(schedule, random, "seed " + seed + ", trial " + trial);
        }
    }

    @Test
    void theReleasedSelection() {
        long seed = new SplittableRandom().nextLong();
        Random random = new Random(seed);
        for (int trial = 0; trial < 100; trial++) {
            int heads = 1 + random.nextInt(3);
            List<Grid> grids = new ArrayList<>();
            for (int step = 0; step < 5; step++) {
                grids.add(new Grid(1 + 2 * step, 1 + 2 * step));
            }
            Geometry geometry = new Geometry("test", 2, heads, heads, 3, grids);
            // The latch opens again in the middle of an image where the last number is small.
            Selector selector = new Selector.Released(
                    1 + random.nextInt(9), 1 + random.nextInt(40), 3, Pooling.MAX, random.nextInt(13));
            List<Rule> rules = new ArrayList<>();
            for (int step = 0; step < 4; step++) {
                for (int layer = 0; layer < 2; layer++) {
                    rules.add(new Capacity(step, layer, 9 + random.nextInt(60), selector));
                }
            }
            compare(RandomCapacities.of(geometry, rules), random, "seed " + seed + ", trial " + trial);
        }
    }

    private static void compare(Schedule schedule, Random random, String where) {
        int rows = 1 + random.nextInt(3);
        int pageTokens = 1 << random.nextInt(5);
        Storage storage = Storage.values()[random.nextInt(Storage.values().length)];
        Geometry geometry = schedule.geometry();
        try (Engine engine = Engine.scalar(1);
                CompressedCache cache = new CompressedCache(schedule, storage, pageTokens, Long.MAX_VALUE)) {
            cache.begin(geometry, rows);
            for (int step = 0; step < geometry.steps().size(); step++) {
                for (int layer = 0; layer < geometry.layers(); layer++) {
                    int tokens = geometry.tokens(step);
                    int size = rows * tokens * geometry.headDim();
                    cache.append(
                            layer,
                            step,
                            TokenCapacityTest.floats(random, size * geometry.kvHeads()),
                            TokenCapacityTest.floats(random, size * geometry.kvHeads()));
                    Queries queries = queries(geometry, random, rows, tokens);
                    Received received = cache.receives(layer, step);
                    if (received != null) {
                        new AttentionEngine(engine)
                                .attend(
                                        cache.view(layer, step),
                                        queries.attending(),
                                        1,
                                        AttentionEngine.Order.ALL,
                                        null,
                                        received);
                    }
                    if (cache.wantsQueries(layer, step)) {
                        cache.queries(layer, step, queries);
                    }
                    cache.attended(layer, step);
                }
            }
            String place = where + ", rows " + rows + ", pages of " + pageTokens;
            assertEquals(cache.ledger(), PageLedger.of(schedule, rows, storage, pageTokens), place);
        }
    }

    private static Queries queries(Geometry geometry, Random random, int rows, int tokens) {
        Tensor attending = Tensor.of(
                TokenCapacityTest.floats(random, rows * tokens * geometry.heads() * geometry.headDim()),
                rows,
                tokens,
                geometry.heads(),
                geometry.headDim());
        return new TokenCapacityTest.RandomQueries(attending, 1);
    }
}
