package org.headwise.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.methods.HeatOrders;

/** Geometries and schedules for tests. */
public final class Cases {
    public static final Provenance PROVENANCE = new Provenance(
            "headwise test",
            List.of("headwise", "schedule", "heatkv"),
            new TreeMap<>(Map.of("seed", "7")),
            List.of(new Provenance.Input("orders.json", 12, "ab".repeat(32))),
            Map.of("prompts", 3L));

    private Cases() {}

    /** A schedule of the released 2B orders; the head dimension is small to keep memory modest. */
    public static Schedule released2b(double share, int headDim) {
        Geometry geometry = new Geometry(
                "infinity",
                32,
                16,
                16,
                headDim,
                Reference.grids(Reference.json("infinity/heat_budget.json").get("schedule_1M")));
        HeatOrders orders = Reference.orders(Reference.json("heatkv-orders-2b.json.gz"), 32, 16, 3);
        return HeatKv.plan(geometry, orders, new Budget(share, Budget.Meaning.PEAK_INCOMING), 3, PROVENANCE);
    }

    public static Geometry randomGeometry(Random random) {
        int kvHeads = 1 + random.nextInt(4);
        int steps = 1 + random.nextInt(6);
        List<Grid> grids = new ArrayList<>();
        for (int s = 0; s < steps; s++) {
            grids.add(new Grid(1 + random.nextInt(s + 2), 1 + random.nextInt(s + 3)));
        }
        int share = 1 + random.nextInt(2);
        return new Geometry("test", 1 + random.nextInt(4), kvHeads * share, kvHeads, 1 + random.nextInt(5), grids);
    }

    /** Any possible evictions: early ones, late ones, some never. */
    public static Schedule randomSchedule(Geometry geometry, Random random) {
        double likely = random.nextDouble();
        int steps = geometry.steps().size();
        List<Rule> rules = new ArrayList<>();
        for (int source = 0; source < steps - 1; source++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    if (random.nextDouble() < likely) {
                        int step = source + random.nextInt(steps - source);
                        int least = step == source ? layer : -1;
                        int after = least + random.nextInt(geometry.layers() - least);
                        rules.add(new EvictScale(source, layer, head, step, after));
                    }
                }
            }
        }
        java.util.Collections.shuffle(rules, random);
        return new Schedule(
                geometry,
                "random",
                new TreeMap<>(),
                new Budget(random.nextDouble(), Budget.Meaning.PEAK_INCOMING),
                rules,
                PROVENANCE);
    }
}
