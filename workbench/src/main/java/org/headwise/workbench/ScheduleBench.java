package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.FullCache;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.methods.HeatOrders;
import org.headwise.schedules.runtime.CompressedCache;
import org.headwise.schedules.runtime.Storage;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Attention of the last scale of a 1M image, one layer of four heads, with the full and with compressed caches. */
final class ScheduleBench {
    private static final int HEADS = 4;
    private static final int HEAD_DIM = 128;
    private static final List<String> BUDGETS = List.of("50%", "25%", "10%", "5%");

    private ScheduleBench() {}

    static List<BenchRow> run(Engine engine, Rounds rounds) {
        List<Grid> steps = InfinityGeometries.schedule("1M", 1);
        Geometry geometry = new Geometry("infinity", 1, HEADS, HEADS, HEAD_DIM, steps);
        Runnable[] work = new Runnable[1 + BUDGETS.size()];
        List<KvCache> caches = new ArrayList<>();
        try {
            for (int i = 0; i < work.length; i++) {
                KvCache cache = i == 0
                        ? new FullCache()
                        : new CompressedCache(schedule(geometry, BUDGETS.get(i - 1)), Storage.F32);
                caches.add(cache);
                work[i] = attention(engine, geometry, cache);
            }
            double[][] seconds = rounds.seconds(work);
            List<BenchRow> rows = new ArrayList<>();
            rows.add(BenchRow.seconds("attention, full cache", seconds[0]));
            for (int i = 1; i < work.length; i++) {
                String name = "attention, heatkv at " + BUDGETS.get(i - 1);
                rows.add(BenchRow.seconds(name, seconds[i], "s", "full cache", seconds[0]));
            }
            return rows;
        } finally {
            caches.forEach(KvCache::close);
        }
    }

    /** Which heads are pruned does not matter here, only how many: any order will do. */
    private static Schedule schedule(Geometry geometry, String budget) {
        List<List<HeatOrders.Slot>> orders = new ArrayList<>();
        for (int source = HeatKv.RELEASED_PROTECT; source < geometry.steps().size() - 1; source++) {
            List<HeatOrders.Slot> order = new ArrayList<>();
            for (int head = 0; head < HEADS; head++) {
                order.add(new HeatOrders.Slot(head, 0));
            }
            orders.add(order);
        }
        return HeatKv.plan(
                geometry,
                new HeatOrders(1, HEADS, HeatKv.RELEASED_PROTECT, orders),
                Budget.parse(budget),
                HeatKv.RELEASED_PROTECT,
                new Provenance(About.tool(), List.of(), new TreeMap<>(), List.of(), Map.of()));
    }

    private static Runnable attention(Engine engine, Geometry geometry, KvCache cache) {
        Random random = new Random(1);
        int last = geometry.steps().size() - 1;
        cache.begin(geometry, 1);
        for (int step = 0; step <= last; step++) {
            cache.append(0, step, numbers(random, geometry, step), numbers(random, geometry, step));
            if (step < last) {
                cache.attended(0, step);
            }
        }
        KvView view = cache.view(0, last);
        Tensor queries = Tensor.of(numbers(random, geometry, last), 1, geometry.tokens(last), HEADS, HEAD_DIM);
        AttentionEngine attention = new AttentionEngine(engine);
        return () -> attention.attend(view, queries, 1, null);
    }

    private static float[] numbers(Random random, Geometry geometry, int step) {
        float[] numbers = new float[geometry.tokens(step) * HEADS * HEAD_DIM];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (random.nextFloat() - 0.5f) / 4;
        }
        return numbers;
    }
}
