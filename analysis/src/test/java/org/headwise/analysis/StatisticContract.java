package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

/** What every statistic must do, whatever it measures. */
abstract class StatisticContract {
    private static final Geometry GEOMETRY = RandomAttention.SMALL;

    abstract Statistic create(Geometry geometry);

    /** What sums may differ by if blocks are cut otherwise: nothing to speak of where a block is added up in doubles. */
    double rounding() {
        return 1e-12;
    }

    private Statistic fed(int queriesPerBlock, int padding, long... seeds) {
        Statistic statistic = create(GEOMETRY);
        for (long seed : seeds) {
            RandomAttention.of(GEOMETRY, seed).feed(statistic, queriesPerBlock, padding);
        }
        return statistic;
    }

    static void assertSame(Sums expected, Sums actual, double tolerance) {
        assertEquals(expected.arrays().keySet(), actual.arrays().keySet());
        expected.arrays().forEach((name, array) -> assertArrayEquals(array.data(), actual.get(name), tolerance, name));
    }

    @Test
    void isRegistered() {
        assertTrue(Statistics.all(GEOMETRY).stream()
                .anyMatch(s -> s.getClass() == create(GEOMETRY).getClass()));
        assertEquals(
                1, Statistics.named(GEOMETRY, List.of(create(GEOMETRY).name())).size());
    }

    @Test
    void mergedPromptsEqualTheWhole() {
        Statistic whole = fed(4, 0, 1, 2, 3);
        Statistic merged = create(GEOMETRY);
        for (long seed = 1; seed <= 3; seed++) {
            merged.sums().add(fed(4, 0, seed).sums());
        }
        assertSame(whole.sums(), merged.sums(), 1e-12);
        for (int c = 0; c < whole.columns().size(); c++) {
            assertArrayEquals(
                    whole.columns().get(c).values(),
                    merged.columns().get(c).values(),
                    1e-12,
                    whole.columns().get(c).name());
        }
    }

    @Test
    void blockSizeAndStrideDoNotMatter() {
        Statistic whole = fed(1000, 0, 5);
        for (int queries : new int[] {1, 3, 4, 7}) {
            assertSame(whole.sums(), fed(queries, queries, 5).sums(), rounding());
        }
    }

    @Test
    void sharedDigestAndThreadsDoNotMatter() throws Exception {
        List<Statistic> together = Statistics.all(GEOMETRY);
        AttentionObserver observer = new CombinedObserver(List.copyOf(together));
        RandomAttention attention = RandomAttention.of(GEOMETRY, 9);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> done = new ArrayList<>();
            for (int l = 0; l < GEOMETRY.layers(); l++) {
                for (int h = 0; h < GEOMETRY.heads(); h++) {
                    int layer = l;
                    int head = h;
                    done.add(threads.submit(() -> {
                        for (int t = 0; t < GEOMETRY.steps().size(); t++) {
                            attention.feed(observer, layer, head, t, 4, 3);
                        }
                    }));
                }
            }
            for (Future<?> future : done) {
                future.get();
            }
        }
        Statistic alone = fed(4, 0, 9);
        Statistic shared = together.stream()
                .filter(s -> s.name().equals(alone.name()))
                .findFirst()
                .orElseThrow();
        assertSame(alone.sums(), shared.sums(), 0);
    }

    @Test
    void onlyItsOwnHeadIsTouched() {
        Statistic statistic = create(GEOMETRY);
        RandomAttention attention = RandomAttention.of(GEOMETRY, 4);
        for (int t = 0; t < GEOMETRY.steps().size(); t++) {
            attention.feed(statistic, 1, 2, t, 4, 0);
        }
        int seen = 1 * GEOMETRY.heads() + 2;
        int heads = GEOMETRY.layers() * GEOMETRY.heads();
        statistic.sums().arrays().forEach((name, array) -> {
            int perHead = array.data().length / heads;
            for (int i = 0; i < array.data().length; i++) {
                assertTrue(i / perHead == seen || array.data()[i] == 0, name + " " + i);
            }
        });
        for (Column column : statistic.columns()) {
            for (int h = 0; h < heads; h++) {
                assertEquals(h != seen, Double.isNaN(column.values()[h]), column.name() + " of head " + h);
            }
        }
    }

    @Test
    void describesItself() {
        Statistic statistic = create(GEOMETRY);
        assertTrue(statistic.name().matches("[a-z][a-z0-9-]*"));
        assertFalse(statistic.title().isBlank());
        List<String> names = statistic.columns().stream().map(Column::name).toList();
        assertEquals(names.size(), new HashSet<>(names).size());
        for (Column column : statistic.columns()) {
            assertTrue(column.name().matches("[a-z0-9_]+"), column.name());
            assertFalse(column.unit().isBlank());
            assertFalse(column.description().isBlank());
            assertEquals(GEOMETRY.layers() * GEOMETRY.heads(), column.values().length);
            assertTrue(Arrays.stream(column.values()).allMatch(Double::isNaN), "nothing was observed");
        }
    }

    @Test
    void looksAtConditionalRowsOnly() {
        assertTrue(create(GEOMETRY).wants(Guidance.CONDITIONAL));
        assertFalse(create(GEOMETRY).wants(Guidance.UNCONDITIONAL));
        assertFalse(new CombinedObserver(List.copyOf(Statistics.all(GEOMETRY))).wants(Guidance.UNCONDITIONAL));
    }

    @Test
    void refusesWhatIsNoProbability() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 3}) {
            float[] row = {1, 1, 1, 1, 1, 1, 1, 1, bad, 0, 0, 0, 0, 0};
            AttentionBlock block = new AttentionBlock(
                    GEOMETRY, 0, Guidance.CONDITIONAL, 1, 2, 1, 3, 2, 7, RandomAttention.runs(GEOMETRY, 1), row, 7);
            InputRefused refused =
                    assertThrows(InputRefused.class, () -> create(GEOMETRY).observe(block));
            assertTrue(refused.getMessage().contains("layer 1, head 2 at step 1"), refused.getMessage());
        }
    }

    /** After a good block, since what a statistic asks for is computed at once from the second block on. */
    @Test
    void refusesManyThatAreNoProbabilities() {
        Geometry geometry = new Geometry("infinity", 1, 1, 1, 4, List.of(new Grid(1, 1), new Grid(20, 20)));
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 3}) {
            for (int many : new int[] {40, 100, 300}) {
                Statistic statistic = create(geometry);
                float[] row = new float[401];
                row[0] = 1;
                statistic.observe(firstQuery(geometry, row));
                Arrays.fill(row, 50, 50 + many, bad);
                InputRefused refused =
                        assertThrows(InputRefused.class, () -> statistic.observe(firstQuery(geometry, row)));
                assertTrue(refused.getMessage().contains("layer 0, head 0 at step 1"), refused.getMessage());
            }
        }
    }

    private static AttentionBlock firstQuery(Geometry geometry, float[] row) {
        var runs = RandomAttention.runs(geometry, 1);
        return new AttentionBlock(geometry, 0, Guidance.CONDITIONAL, 0, 0, 1, 0, 1, row.length, runs, row, row.length);
    }

    @Test
    void aBlockSeenTwiceIsLookedAtTwice() {
        List<AttentionBlock> seen = new ArrayList<>();
        RandomAttention.of(GEOMETRY, 6).feed(seen::add, 0, 0, 3, 100, 0);
        AttentionBlock block = seen.getFirst();
        Statistic reused = create(GEOMETRY);
        reused.observe(block);
        reused.sums().clear();
        float[] p = block.probabilities();
        Arrays.fill(p, 1f / block.keys());
        Arrays.fill(block.entropies(), Math.log(block.keys()));
        reused.observe(block);
        Statistic fresh = create(GEOMETRY);
        fresh.observe(block);
        assertSame(fresh.sums(), reused.sums(), 0);
    }

    @Test
    void refusesAnotherGeometry() {
        Geometry other = new Geometry("infinity", 1, 1, 1, 4, GEOMETRY.steps());
        assertThrows(
                IllegalArgumentException.class,
                () -> RandomAttention.of(other, 1).feed(create(GEOMETRY), 4, 0));
    }
}
