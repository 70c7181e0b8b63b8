package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KvView;
import org.headwise.attention.Ledger;
import org.headwise.attention.Queries;
import org.headwise.attention.Received;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.RandomCapacities;
import org.headwise.schedules.ReleasedTrait;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Freed caches that choose tokens against lists of tokens that are cut by a second implementation. */
class TokenCapacityTest {
    record RandomQueries(Tensor attending, float scale) implements Queries {
        @Override
        public Tensor projected(int[] tokens) {
            Tensor some = Tensor.zeros(attending.dim(0), tokens.length, attending.dim(2), attending.dim(3));
            int size = attending.dim(2) * attending.dim(3);
            for (int i = 0; i < attending.dim(0) * tokens.length; i++) {
                int from = i / tokens.length * attending.dim(1) + tokens[i % tokens.length];
                System.arraycopy(attending.data(), from * size, some.data(), i * size, size);
            }
            return some;
        }
    }

    @Test
    void showsTheTokensThatASecondImplementationKeeps() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Geometry geometry = Cases.randomGeometry(random);
            Schedule schedule = RandomCapacities.schedule(geometry, random);
            compare(schedule, random, 1 + random.nextInt(3), 1 + random.nextInt(9), "seed " + seed);
        }
    }

    @Test
    void theReleasedSelectionDoesToo() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int heads = 1 + random.nextInt(3);
            List<Grid> grids = new ArrayList<>();
            for (int step = 0; step < 5; step++) {
                grids.add(new Grid(1 + 2 * step, 1 + 2 * step));
            }
            Geometry geometry = new Geometry("test", 2, heads, heads, 3, grids);
            Selector selector = new Selector.Released(
                    1 + random.nextInt(9),
                    1 + random.nextInt(40),
                    1 + 2 * random.nextInt(3),
                    Pooling.MAX,
                    random.nextInt(13));
            List<Rule> rules = new ArrayList<>();
            for (int step = 0; step < 4; step++) {
                for (int layer = 0; layer < 2; layer++) {
                    rules.add(new Capacity(step, layer, 9 + random.nextInt(60), selector));
                }
            }
            compare(RandomCapacities.of(geometry, rules), random, 2, 1 + random.nextInt(9), "seed " + seed);
        }
    }

    /** The paper's selection with every trait switched on is the released one; two ways to the same tokens. */
    @Test
    void allTraitsTogetherAreTheReleasedSelection() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int heads = 1 + random.nextInt(3);
            List<Grid> grids = new ArrayList<>();
            for (int step = 0; step < 5; step++) {
                int side = 1 + step + random.nextInt(3);
                grids.add(new Grid(side, side));
            }
            Geometry geometry = new Geometry("test", 2, heads, heads, 3, grids);
            int window = 1 + random.nextInt(9);
            int kernel = 1 + 2 * random.nextInt(3);
            Pooling pooling = Pooling.values()[random.nextInt(2)];
            List<List<Rule>> both = List.of(new ArrayList<>(), new ArrayList<>());
            for (int step = 0; step < 4; step++) {
                for (int layer = 0; layer < 2; layer++) {
                    int tokens = 9 + random.nextInt(60);
                    both.get(0)
                            .add(new Capacity(
                                    step, layer, tokens, new Selector.Released(window, 1, kernel, pooling, 12)));
                    both.get(1)
                            .add(new Capacity(
                                    step,
                                    layer,
                                    tokens,
                                    new Selector.Observed(
                                            Placement.PATCHES,
                                            window,
                                            kernel,
                                            pooling,
                                            EnumSet.allOf(ReleasedTrait.class))));
                }
            }
            List<List<List<Integer>>> kept = both.stream()
                    .map(rules -> kept(RandomCapacities.of(geometry, rules), 7))
                    .toList();
            assertEquals(kept.get(0), kept.get(1), "seed " + seed);
        }
    }

    private static List<List<Integer>> kept(Schedule schedule, long seed) {
        Geometry geometry = schedule.geometry();
        Random random = new Random(seed);
        List<List<Integer>> kept = new ArrayList<>();
        try (CompressedCache cache = new CompressedCache(schedule, Storage.F32, 1, Long.MAX_VALUE, cut -> {
            kept.add(Arrays.stream(cut.kept()).boxed().toList());
            return cut.kept();
        })) {
            cache.begin(geometry, 2);
            for (int step = 0; step < geometry.steps().size(); step++) {
                for (int layer = 0; layer < geometry.layers(); layer++) {
                    int tokens = geometry.tokens(step);
                    float[] keys = floats(random, 2 * tokens * geometry.kvHeads() * geometry.headDim());
                    float[] queries = floats(random, 2 * tokens * geometry.heads() * geometry.headDim());
                    cache.append(layer, step, keys, keys);
                    if (cache.wantsQueries(layer, step)) {
                        Tensor attending = Tensor.of(queries, 2, tokens, geometry.heads(), geometry.headDim());
                        cache.queries(layer, step, new RandomQueries(attending, 0.7f));
                    }
                    cache.attended(layer, step);
                }
            }
        }
        return kept;
    }

    private static void compare(Schedule schedule, Random random, int rows, int pageTokens, String where) {
        Geometry geometry = schedule.geometry();
        List<TokenCut> audited = new ArrayList<>();
        try (Engine engine = Engine.scalar(1);
                CompressedCache cache = new CompressedCache(schedule, Storage.F32, pageTokens, Long.MAX_VALUE, cut -> {
                    audited.add(cut);
                    return cut.kept();
                })) {
            AttentionEngine attention = new AttentionEngine(engine);
            TokenLists lists = new TokenLists(schedule, rows);
            cache.begin(geometry, rows);
            int steps = geometry.steps().size();
            for (int step = 0; step < steps; step++) {
                for (int layer = 0; layer < geometry.layers(); layer++) {
                    int tokens = geometry.tokens(step);
                    float[] keys = floats(random, rows * tokens * geometry.kvHeads() * geometry.headDim());
                    float[] values = floats(random, keys.length);
                    Tensor queries = Tensor.of(
                            floats(random, rows * tokens * geometry.heads() * geometry.headDim()),
                            rows,
                            tokens,
                            geometry.heads(),
                            geometry.headDim());
                    cache.append(layer, step, keys, values);
                    lists.append(layer, step, keys, values);
                    KvView view = cache.view(layer, step);
                    for (int row = 0; row < rows; row++) {
                        for (int head = 0; head < geometry.kvHeads(); head++) {
                            same(lists.held(layer, row, head), view, row, head, geometry, where);
                        }
                    }
                    Queries shown = new RandomQueries(queries, 0.7f);
                    Received received = cache.receives(layer, step);
                    if (received != null) {
                        attention.attend(view, queries, 0.7f, AttentionEngine.Order.ALL, null, received);
                    }
                    if (cache.wantsQueries(layer, step)) {
                        cache.queries(layer, step, shown);
                    }
                    audited.clear();
                    cache.attended(layer, step);
                    if (step < steps - 1) {
                        lists.attended(layer, step, shown, audited);
                    }
                }
            }
            assertEquals(PageLedger.of(schedule, rows, Storage.F32, pageTokens), cache.ledger(), where);
            if (pageTokens == 1) {
                Ledger tokens = schedule.predicted().bytes(geometry, rows, Storage.F32.bytes());
                assertEquals(tokens, cache.ledger(), where);
            }
        }
    }

    private static void same(
            List<TokenLists.Token> expected, KvView view, int row, int head, Geometry geometry, String where) {
        int dim = geometry.headDim();
        assertEquals(expected.size(), view.keys(row, head), where);
        List<Integer> tokens = new ArrayList<>();
        for (KeyRun run : view.runs(row, head)) {
            assertTrue(run.firstToken() + run.count() <= geometry.tokens(run.step()), where);
            for (int i = 0; i < run.count(); i++) {
                tokens.add(geometry.firstToken(run.step()) + run.firstToken() + i);
            }
        }
        assertEquals(expected.stream().map(TokenLists.Token::index).toList(), tokens, where);
        float[] keys = new float[expected.size() * dim];
        float[] values = new float[expected.size() * dim];
        view.copyKeys(row, head, 0, expected.size(), keys, 0);
        view.copyValues(row, head, 0, expected.size(), values, 0);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).key(), Arrays.copyOfRange(keys, i * dim, (i + 1) * dim), where);
            assertArrayEquals(expected.get(i).value(), Arrays.copyOfRange(values, i * dim, (i + 1) * dim), where);
        }
    }

    static float[] floats(Random random, int count) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }

    private static final Geometry SQUARE =
            new Geometry("test", 1, 2, 2, 4, List.of(new Grid(2, 2), new Grid(3, 3), new Grid(4, 4), new Grid(5, 5)));

    @Test
    void freedPagesAreReallyFreeAndAHeadWastesLessThanAPage() {
        List<Rule> rules = List.of(
                new Capacity(0, 0, 3, new Selector.Recent(1)),
                new Capacity(1, 0, 5, new Selector.Recent(1)),
                new Capacity(2, 0, 9, new Selector.Recent(1)));
        try (CompressedCache cache =
                new CompressedCache(RandomCapacities.of(SQUARE, rules), Storage.F16, 4, Long.MAX_VALUE)) {
            run(cache, SQUARE, null);
            // Two heads, pages of 4 tokens, 2 x 4 numbers of 2 bytes a token: 1, 2, 3 and 3 pages a head.
            long page = 4 * 2 * 4 * 2;
            assertEquals(
                    List.of(2 * page, 4 * page, 6 * page, 6 * page),
                    cache.ledger().endBytes());
        }
    }

    @Test
    void aTokenCanBeKeptTwice() {
        List<Rule> rules = List.of(new Capacity(0, 0, 3, new Selector.Recent(1)));
        try (CompressedCache cache = new CompressedCache(
                RandomCapacities.of(SQUARE, rules), Storage.F32, 1, Long.MAX_VALUE, cut -> new int[] {1, 1, 3})) {
            cache.begin(SQUARE, 1);
            float[] keys = floats(new Random(3), 4 * 2 * 4);
            cache.append(0, 0, keys, keys);
            cache.attended(0, 0);
            KvView view = cache.view(0, 0);
            assertEquals(List.of(new KeyRun(0, 1, 1), new KeyRun(0, 1, 1), new KeyRun(0, 3, 1)), view.runs(0, 1));
            float[] back = new float[3 * 4];
            view.copyKeys(0, 1, 0, 3, back, 0);
            for (int i = 0; i < back.length; i++) {
                int token = i < 8 ? 1 : 3;
                assertEquals(keys[(token * 2 + 1) * 4 + i % 4], back[i]);
            }
        }
    }

    @Test
    void theReleasedLatchOutlivesTheImage() {
        Selector selector = new Selector.Released(1, 13, 5, Pooling.MAX, 12);
        List<Rule> late = List.of(new Capacity(2, 0, 6, selector));
        try (CompressedCache cache = new CompressedCache(RandomCapacities.of(SQUARE, late), Storage.F32)) {
            run(cache, SQUARE, new Random(1));
            InputRefused refused = assertThrows(InputRefused.class, () -> run(cache, SQUARE, new Random(2)));
            assertTrue(refused.getMessage().contains("no capacity for step 0"), refused.getMessage());
        }
        List<Rule> always = new ArrayList<>(late);
        always.add(new Capacity(0, 0, 3, selector));
        always.add(new Capacity(1, 0, 3, selector));
        try (CompressedCache cache =
                new CompressedCache(RandomCapacities.of(SQUARE, always), Storage.F32, 1, Long.MAX_VALUE)) {
            run(cache, SQUARE, new Random(1));
            long token = 2 * 2 * 4 * 4;
            assertEquals(
                    List.of(4 * token, 13 * token, 6 * token, 6 * token),
                    cache.ledger().endBytes());
            run(cache, SQUARE, new Random(2));
            assertEquals(
                    List.of(3 * token, 3 * token, 6 * token, 6 * token),
                    cache.ledger().endBytes());
        }
    }

    @Test
    void aModelWithoutQueriesIsRefused() {
        List<Rule> rules = List.of(new Capacity(0, 0, 2, new Selector.Released(1, 1, 5, Pooling.MAX, 12)));
        Geometry two = new Geometry("test", 1, 2, 2, 4, SQUARE.steps().subList(0, 2));
        try (CompressedCache cache = new CompressedCache(RandomCapacities.of(two, rules), Storage.F32)) {
            InputRefused refused = assertThrows(InputRefused.class, () -> run(cache, two, null));
            assertTrue(refused.getMessage().contains("does not show its queries"), refused.getMessage());
        }
    }

    /** @param random makes the queries; null for a model that shows none */
    private static void run(CompressedCache cache, Geometry geometry, Random random) {
        cache.begin(geometry, 1);
        for (int step = 0; step < geometry.steps().size(); step++) {
            int tokens = geometry.tokens(step);
            float[] numbers = floats(new Random(step), tokens * geometry.kvHeads() * geometry.headDim());
            for (int layer = 0; layer < geometry.layers(); layer++) {
                cache.append(layer, step, numbers, numbers);
                if (random != null && cache.wantsQueries(layer, step)) {
                    float[] queries = floats(random, tokens * geometry.heads() * geometry.headDim());
                    cache.queries(
                            layer,
                            step,
                            new RandomQueries(Tensor.of(queries, 1, tokens, geometry.heads(), geometry.headDim()), 1));
                }
                cache.attended(layer, step);
            }
        }
    }
}
