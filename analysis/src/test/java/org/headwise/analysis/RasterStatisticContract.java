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
import org.headwise.attention.KeyRun;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

/** What every statistic of raster models must do, whatever it measures. */
abstract class RasterStatisticContract {
    static final Geometry SMALL = RasterAttention.SMALL;

    abstract Statistic create(Geometry geometry);

    /** One that looks at the query of step 1, for statistics that pass queries over. */
    Statistic watchingTheFirstStep() {
        return create(SMALL);
    }

    /** A statistic that saw prompts of different lengths, one per seed. */
    final Statistic fed(int queriesPerBlock, int padding, long... seeds) {
        Statistic statistic = create(SMALL);
        for (long seed : seeds) {
            RasterAttention.random(SMALL, (int) (2 + seed), 1, seed).feed(statistic, queriesPerBlock, padding);
        }
        return statistic;
    }

    static double[] column(Statistic statistic, String name) {
        return statistic.columns().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .values();
    }

    /** A column of both guidance rows in the order of recorded statistics, which have one image: [layers, rows, heads]. */
    static double[] likeRecorded(Statistic statistic, String name) {
        double[] conditional = column(statistic, name);
        double[] unconditional = column(statistic, name + "_uncond");
        int heads = statistic.geometry().heads();
        double[] both = new double[2 * conditional.length];
        for (int i = 0; i < conditional.length; i++) {
            both[i / heads * 2 * heads + i % heads] = conditional[i];
            both[(i / heads * 2 + 1) * heads + i % heads] = unconditional[i];
        }
        return both;
    }

    @Test
    void isRegistered() {
        assertTrue(Statistics.all(SMALL).stream()
                .anyMatch(s -> s.getClass() == create(SMALL).getClass()));
        assertEquals(1, Statistics.named(SMALL, List.of(create(SMALL).name())).size());
    }

    @Test
    void promptsOfAnyLengthMerge() {
        Statistic whole = fed(4, 0, 1, 2, 3);
        Statistic merged = create(SMALL);
        for (long seed = 1; seed <= 3; seed++) {
            merged.sums().add(fed(4, 0, seed).sums());
        }
        StatisticContract.assertSame(whole.sums(), merged.sums(), 1e-12);
        for (int c = 0; c < whole.columns().size(); c++) {
            assertArrayEquals(
                    whole.columns().get(c).values(), merged.columns().get(c).values(), 1e-12);
        }
    }

    @Test
    void imagesOfABatchAddUp() {
        Statistic batch = create(SMALL);
        RasterAttention two = RasterAttention.random(SMALL, 5, 2, 8);
        two.feed(batch, 4, 0);
        Statistic apart = create(SMALL);
        two.feed(block -> apart.observe(block), 3, 1);
        StatisticContract.assertSame(batch.sums(), apart.sums(), 1e-12);
        Statistic first = create(SMALL);
        two.feed(block -> only(first, block, 0), 4, 0);
        two.feed(block -> only(first, block, 1), 4, 0);
        StatisticContract.assertSame(batch.sums(), first.sums(), 1e-12);
    }

    private static void only(Statistic statistic, AttentionBlock block, int image) {
        if (block.image() == image) {
            statistic.observe(block);
        }
    }

    @Test
    void blockSizeAndStrideDoNotMatter() {
        Statistic whole = fed(1000, 0, 5);
        for (int queries : new int[] {1, 3, 4}) {
            StatisticContract.assertSame(whole.sums(), fed(queries, queries, 5).sums(), 1e-12);
        }
    }

    @Test
    void sharedDigestAndThreadsDoNotMatter() throws Exception {
        List<Statistic> together = Statistics.all(SMALL);
        AttentionObserver observer = new CombinedObserver(List.copyOf(together));
        RasterAttention attention = RasterAttention.random(SMALL, 11, 1, 9);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> done = new ArrayList<>();
            for (int l = 0; l < SMALL.layers(); l++) {
                for (int h = 0; h < SMALL.heads(); h++) {
                    int layer = l;
                    int head = h;
                    done.add(threads.submit(() -> {
                        for (int t = 0; t < SMALL.steps().size(); t++) {
                            attention.feed(observer, t, layer, 0, head, 4, 3);
                            attention.feed(observer, t, layer, 1, head, 4, 3);
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
        StatisticContract.assertSame(alone.sums(), shared.sums(), 0);
    }

    @Test
    void onlyItsOwnHeadAndRowAreTouched() {
        Statistic statistic = create(SMALL);
        RasterAttention attention = RasterAttention.random(SMALL, 4, 1, 4);
        for (int t = 0; t < SMALL.steps().size(); t++) {
            attention.feed(statistic, t, 1, 1, 2, 4, 0);
        }
        int seen = GuidedColumns.cell(SMALL, 1, 2, Guidance.UNCONDITIONAL);
        int cells = SMALL.layers() * SMALL.heads() * 2;
        statistic.sums().arrays().forEach((name, array) -> {
            int perCell = array.data().length / cells;
            for (int i = 0; i < array.data().length; i++) {
                assertTrue(i / perCell == seen || array.data()[i] == 0, name + " " + i);
            }
        });
        for (Column column : statistic.columns()) {
            for (int h = 0; h < cells / 2; h++) {
                boolean there = column.name().endsWith("_uncond") && h == SMALL.heads() + 2;
                assertEquals(!there, Double.isNaN(column.values()[h]), column.name() + " of head " + h);
            }
        }
    }

    @Test
    void describesItself() {
        Statistic statistic = create(SMALL);
        assertTrue(statistic.name().matches("[a-z][a-z0-9-]*"));
        assertFalse(statistic.title().isBlank());
        for (Column column : statistic.columns()) {
            assertTrue(Arrays.stream(column.values()).allMatch(Double::isNaN), "nothing was observed");
        }
        List<Column> columns = fed(4, 0, 1).columns();
        List<String> names = columns.stream().map(Column::name).toList();
        assertEquals(names.size(), new HashSet<>(names).size());
        for (Column column : columns) {
            assertTrue(column.name().matches("[a-z0-9_]+"), column.name());
            assertFalse(column.unit().isBlank());
            assertFalse(column.description().isBlank());
            assertEquals(SMALL.layers() * SMALL.heads(), column.values().length);
            assertTrue(Arrays.stream(column.values()).allMatch(Double::isFinite), column.name());
            if (column.unit().equals("share")) {
                assertTrue(Arrays.stream(column.values()).allMatch(v -> v >= 0 && v <= 1 + 1e-6), column.name());
            }
        }
        assertEquals(2 * statistic.columns().size(), columns.size(), "one column per guidance row");
    }

    @Test
    void withoutGuidanceThereAreNoColumnsOfIt() {
        Statistic statistic = create(SMALL);
        RasterAttention.random(SMALL, 3, 1, 5)
                .feed(
                        block -> {
                            if (block.guidance() == Guidance.CONDITIONAL) {
                                statistic.observe(block);
                            }
                        },
                        4,
                        0);
        assertTrue(statistic.columns().stream().noneMatch(c -> c.name().endsWith("_uncond")));
    }

    @Test
    void looksAtBothGuidanceRows() {
        assertTrue(create(SMALL).wants(Guidance.CONDITIONAL));
        assertTrue(create(SMALL).wants(Guidance.UNCONDITIONAL));
    }

    @Test
    void keysThatACacheLacksReceiveNothing() {
        Statistic full = create(SMALL);
        Statistic less = create(SMALL);
        RasterAttention attention = RasterAttention.random(SMALL, 4, 1, 7);
        attention.feed(
                block -> {
                    if (block.step() < 4) {
                        full.observe(block);
                        less.observe(block);
                        return;
                    }
                    // Image tokens 0 and 1 lose their mass to the next key.
                    float[] p = block.probabilities();
                    p[6] += p[4] + p[5];
                    p[4] = 0;
                    p[5] = 0;
                    full.observe(withNewEntropies(block));
                    float[] shorter = new float[block.keys() - 2];
                    System.arraycopy(p, 0, shorter, 0, 4);
                    System.arraycopy(p, 6, shorter, 4, shorter.length - 4);
                    List<KeyRun> runs = new ArrayList<>(block.runs());
                    runs.subList(1, 3).clear();
                    less.observe(new AttentionBlock(
                            block.geometry(),
                            block.image(),
                            block.guidance(),
                            block.layer(),
                            block.head(),
                            block.step(),
                            0,
                            1,
                            shorter.length,
                            runs,
                            shorter,
                            shorter.length));
                },
                4,
                0);
        // Kernels add up floats in vectors, whose bounds have moved.
        StatisticContract.assertSame(full.sums(), less.sums(), 2e-6);
    }

    /** The same with entropies of what its probabilities are now. */
    private static AttentionBlock withNewEntropies(AttentionBlock block) {
        return new AttentionBlock(
                block.geometry(),
                block.image(),
                block.guidance(),
                block.layer(),
                block.head(),
                block.step(),
                block.firstQuery(),
                block.queries(),
                block.keys(),
                block.runs(),
                block.probabilities(),
                block.stride());
    }

    @Test
    void refusesWhatIsNoProbability() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 3}) {
            AttentionBlock block = new AttentionBlock(
                    SMALL,
                    0,
                    Guidance.CONDITIONAL,
                    1,
                    2,
                    1,
                    0,
                    1,
                    2,
                    List.of(new KeyRun(0, 0, 1), new KeyRun(1, 0, 1)),
                    new float[] {1, bad},
                    2);
            InputRefused refused = assertThrows(
                    InputRefused.class, () -> watchingTheFirstStep().observe(block));
            assertTrue(refused.getMessage().contains("layer 1, head 2 at step 1"), refused.getMessage());
        }
    }

    @Test
    void refusesAnotherGeometry() {
        Geometry other = Geometry.raster("janus", 2, 3, 1, 4, new Grid(4, 3));
        assertThrows(
                IllegalArgumentException.class,
                () -> RasterAttention.random(other, 3, 1, 1).feed(create(SMALL), 4, 0));
        assertThrows(IllegalArgumentException.class, () -> create(RandomAttention.SMALL));
    }
}
