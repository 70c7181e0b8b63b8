package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.attention.Ledger;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.Schedule;
import org.junit.jupiter.api.Test;

class CompressedCacheTest {
    @Test
    void showsWhatTheMaskShowsKeyByKey() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 300; trial++) {
            Geometry geometry = RandomSchedules.geometry(random);
            Schedule schedule = RandomSchedules.schedule(geometry, random);
            int rows = random.nextInt(1, 4);
            String where = "seed " + seed + ", trial " + trial;
            try (KvCache freed = new CompressedCache(schedule, Storage.F32);
                    KvCache masked = new MaskedCache(mask(schedule))) {
                run(geometry, rows, random, List.of(freed, masked), (layer, step) -> {
                    KvView a = freed.view(layer, step);
                    KvView b = masked.view(layer, step);
                    for (int row = 0; row < rows; row++) {
                        for (int head = 0; head < geometry.kvHeads(); head++) {
                            assertEquals(b.runs(row, head), a.runs(row, head), where);
                            assertEquals(b.keys(row, head), a.keys(row, head), where);
                            assertArrayEquals(all(b, row, head, false), all(a, row, head, false), where);
                            assertArrayEquals(all(b, row, head, true), all(a, row, head, true), where);
                            int from = random.nextInt(a.keys(row, head));
                            int count = random.nextInt(a.keys(row, head) - from + 1);
                            assertArrayEquals(part(b, row, head, from, count), part(a, row, head, from, count), where);
                        }
                    }
                });
            }
        }
    }

    @Test
    void itsLedgerIsThePredictedOneUpToPageRounding() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 300; trial++) {
            Geometry geometry = RandomSchedules.geometry(random);
            Schedule schedule = RandomSchedules.schedule(geometry, random);
            int rows = random.nextInt(1, 4);
            try (CompressedCache cache = new CompressedCache(schedule, Storage.BF16)) {
                run(geometry, rows, random, List.of(cache), (layer, step) -> {});
                assertEquals(
                        PageLedger.of(schedule, rows, Storage.BF16),
                        cache.ledger(),
                        "seed " + seed + ", trial " + trial);
                Ledger predicted = schedule.predicted().bytes(geometry, rows, 2);
                long units = (long) geometry.steps().size() * geometry.layers() * geometry.kvHeads() * rows;
                long wasted = units * (PageSize.of(geometry) - 1);
                long rounding = wasted * 2 * geometry.headDim() * 2;
                for (int step = 0; step < geometry.steps().size(); step++) {
                    long peak = cache.ledger().peakBytes().get(step)
                            - predicted.peakBytes().get(step);
                    long end = cache.ledger().endBytes().get(step)
                            - predicted.endBytes().get(step);
                    assertTrue(peak >= 0 && peak <= rounding, "seed " + seed + ", trial " + trial + ": peak " + peak);
                    assertTrue(end >= 0 && end <= rounding, "seed " + seed + ", trial " + trial + ": end " + end);
                }
            }
        }
    }

    @Test
    void theLastStepIsHeldInItsOwnLayerOnly() {
        Geometry geometry = new Geometry("test", 3, 2, 2, 4, List.of(new Grid(2, 2), new Grid(4, 4)));
        Schedule schedule = RandomSchedules.of(geometry, List.of());
        try (CompressedCache cache = new CompressedCache(schedule, Storage.F32)) {
            run(geometry, 1, new SplittableRandom(1), List.of(cache), (layer, step) -> {});
            long token = 2 * 4 * 4;
            assertEquals(
                    List.of(3 * 2 * 4 * token, 3 * 2 * 4 * token),
                    cache.ledger().endBytes());
            assertEquals(3 * 2 * 4 * token + 2 * 16 * token, cache.ledger().peak());
        }
    }

    @Test
    void halfPrecisionRoundsByAtMostHalfAUnitInTheLastPlace() {
        Geometry geometry = new Geometry("test", 1, 1, 1, 8, List.of(new Grid(3, 3), new Grid(1, 1)));
        Schedule schedule = RandomSchedules.of(geometry, List.of());
        for (Storage storage : List.of(Storage.BF16, Storage.F16)) {
            double relative = storage == Storage.BF16 ? Math.pow(2, -8) : Math.pow(2, -11);
            try (CompressedCache cache = new CompressedCache(schedule, storage)) {
                float[] keys = randomFloats(9 * 8, new SplittableRandom(5));
                float[] values = randomFloats(9 * 8, new SplittableRandom(6));
                cache.begin(geometry, 1);
                cache.append(0, 0, keys, values);
                float[] back = all(cache.view(0, 0), 0, 0, false);
                for (int i = 0; i < keys.length; i++) {
                    assertEquals(keys[i], back[i], Math.abs(keys[i]) * relative + 1e-7, storage + " key " + i);
                }
            }
        }
    }

    @Test
    void refusesAModelOfAnotherGeometryAndPassesNoLimit() {
        Geometry geometry = new Geometry("test", 2, 2, 2, 4, List.of(new Grid(2, 2), new Grid(4, 4)));
        Geometry other = new Geometry("test", 3, 2, 2, 4, List.of(new Grid(2, 2), new Grid(4, 4)));
        Schedule schedule = RandomSchedules.of(geometry, List.of(new EvictScale(0, 1, 0, 0, 1)));
        try (CompressedCache cache = new CompressedCache(schedule, Storage.F32)) {
            assertThrows(InputRefused.class, () -> cache.begin(other, 1));
        }
        try (CompressedCache cache = new CompressedCache(schedule, Storage.F32, 1000)) {
            InputRefused refused = assertThrows(
                    InputRefused.class,
                    () -> run(geometry, 1, new SplittableRandom(1), List.of(cache), (layer, step) -> {}));
            assertTrue(refused.getMessage().contains("1000 bytes"), refused.getMessage());
        }
    }

    @Test
    void canBeUsedForOneGenerationAfterTheOther() {
        Geometry geometry = new Geometry("test", 2, 2, 2, 4, List.of(new Grid(2, 2), new Grid(4, 4)));
        Schedule schedule = RandomSchedules.of(geometry, List.of(new EvictScale(0, 1, 0, 1, 0)));
        try (CompressedCache cache = new CompressedCache(schedule, Storage.F32)) {
            run(geometry, 2, new SplittableRandom(1), List.of(cache), (layer, step) -> {});
            Ledger first = cache.ledger();
            run(geometry, 2, new SplittableRandom(2), List.of(cache), (layer, step) -> {});
            assertEquals(first, cache.ledger());
        }
    }

    private static MaskedCache.Mask mask(Schedule schedule) {
        return (step, source, layer, head) -> schedule.rules().stream()
                .map(EvictScale.class::cast)
                .anyMatch(rule ->
                        rule.source() == source && rule.layer() == layer && rule.kvHead() == head && rule.hides(step));
    }

    @FunctionalInterface
    private interface Check {
        void at(int layer, int step);
    }

    /** Walks through a generation with random keys and values, the same for every cache. */
    private static void run(
            Geometry geometry, int rows, SplittableRandom random, List<? extends KvCache> caches, Check check) {
        caches.forEach(cache -> cache.begin(geometry, rows));
        for (int step = 0; step < geometry.steps().size(); step++) {
            int size = rows * geometry.tokens(step) * geometry.kvHeads() * geometry.headDim();
            for (int layer = 0; layer < geometry.layers(); layer++) {
                float[] keys = randomFloats(size, random);
                float[] values = randomFloats(size, random);
                for (KvCache cache : caches) {
                    cache.append(layer, step, keys.clone(), values.clone());
                }
                check.at(layer, step);
                for (KvCache cache : caches) {
                    cache.attended(layer, step);
                }
            }
        }
    }

    private static float[] randomFloats(int size, SplittableRandom random) {
        float[] out = new float[size];
        for (int i = 0; i < size; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }

    private static float[] part(KvView view, int row, int head, int from, int count) {
        float[] out = new float[count * view.headDim() + 3];
        view.copyKeys(row, head, from, count, out, 2);
        return out;
    }

    private static float[] all(KvView view, int row, int head, boolean values) {
        float[] out = new float[view.keys(row, head) * view.headDim()];
        if (values) {
            view.copyValues(row, head, 0, view.keys(row, head), out, 0);
        } else {
            view.copyKeys(row, head, 0, view.keys(row, head), out, 0);
        }
        return out;
    }
}
