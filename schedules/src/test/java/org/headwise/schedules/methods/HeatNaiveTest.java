package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.Rule;
import org.junit.jupiter.api.Test;

/** The strict schedule against a second one that counts every token anew after every decision. */
class HeatNaiveTest {
    @Test
    void randomGeometriesBudgetsAndSourceRanges() {
        int planned = 0;
        int early = 0;
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            Case c = Case.random(random);
            String place = "seed " + seed + ": " + c;
            List<TreeSet<HeatUnit>> expected = naive(c);
            HeatStrict strict;
            try {
                strict = HeatStrict.plan(c.geometry, c.orders, c.share, c.protect);
            } catch (HeatCounts.Infeasible e) {
                assertEquals(null, expected, place + " was refused: " + e.getMessage());
                continue;
            }
            planned++;
            for (int step = 0; step < c.geometry.steps().size(); step++) {
                assertEquals(List.copyOf(expected.get(step)), strict.removedWhile(step), place + ", step " + step);
                early += strict.early().get(step).size();
                Set<HeatUnit> hidden = new TreeSet<>();
                for (Rule rule : strict.rules()) {
                    EvictScale evict = (EvictScale) rule;
                    if (evict.hides(step)) {
                        hidden.add(new HeatUnit(evict.source(), evict.layer(), evict.kvHead()));
                    }
                }
                assertEquals(expected.get(step), hidden, place + ", rules at step " + step);
            }
        }
        // The cases must really reach what they are about.
        assertEquals(true, planned > 1500 && planned < 3000 && early > 300, planned + " planned, " + early + " early");
    }

    private record Case(Geometry geometry, HeatOrders orders, double share, int protect) {
        static Case random(Random random) {
            int layers = 1 + random.nextInt(6);
            int heads = 1 + random.nextInt(5);
            int steps = 1 + random.nextInt(9);
            List<Grid> grids = new ArrayList<>();
            int side = 1;
            for (int s = 0; s < steps; s++) {
                grids.add(new Grid(side, Math.max(1, side + random.nextInt(3) - 1)));
                side += random.nextInt(3);
            }
            Geometry geometry = new Geometry("test", layers, heads, heads, 2, grids);
            int protect = random.nextInt(random.nextInt(steps + 1) + 1);
            int first = random.nextInt(4) == 0 ? random.nextInt(steps + 1) : protect;
            int last = random.nextInt(6) == 0 ? random.nextInt(steps) : steps - 2;
            List<List<HeatOrders.Slot>> orders = new ArrayList<>();
            for (int source = first; source <= last; source++) {
                List<HeatOrders.Slot> order = new ArrayList<>();
                for (int i = 0; i < layers * heads; i++) {
                    order.add(new HeatOrders.Slot(i % heads, i / heads));
                }
                Collections.shuffle(order, random);
                orders.add(order);
            }
            double share = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(11) / 10.0;
                case 1 ->
                    geometry.incomingTokens() == 0
                            ? 1
                            : Math.min(1, (double) geometry.firstToken(protect) / geometry.incomingTokens());
                default -> random.nextDouble();
            };
            return new Case(geometry, new HeatOrders(layers, heads, first, orders), share, protect);
        }
    }

    /** Units removed while each step runs, or null when the budget cannot be met. */
    private static List<TreeSet<HeatUnit>> naive(Case c) {
        Geometry g = c.geometry;
        int steps = g.steps().size();
        int slots = g.layers() * g.heads();
        int full = g.incomingTokens();
        int retained = g.firstToken(Math.min(c.protect, steps));
        List<TreeSet<HeatUnit>> out = new ArrayList<>();
        if (full == 0) {
            for (int t = 0; t < steps; t++) {
                out.add(new TreeSet<>());
            }
            return out;
        }
        if (c.share + 1e-12 < (double) retained / full) {
            return null;
        }
        double allowed = c.share * g.layers() * g.heads() * full;
        Set<HeatUnit> active = new HashSet<>();
        for (int t = 0; t < steps; t++) {
            TreeSet<HeatUnit> during = new TreeSet<>(active);
            out.add(during);
            if (t == steps - 1) {
                break;
            }
            int incoming = g.firstToken(t + 1);
            double budget = c.share * full;
            int count = 0;
            if (incoming > budget) {
                int kept = Math.min(retained, incoming);
                if (kept == incoming) {
                    return null;
                }
                count = (int) Math.clamp(Math.ceil(slots * (incoming - budget) / (incoming - kept)), 0, slots);
            }
            Set<HeatUnit> target = new HashSet<>();
            for (int s = c.orders.firstSource(); s <= Math.min(t, c.orders.lastSource()); s++) {
                for (HeatOrders.Slot slot : c.orders.order(s).subList(0, count)) {
                    target.add(new HeatUnit(s, slot.layer(), slot.head()));
                }
            }
            Set<HeatUnit> now = new HashSet<>(active);
            for (int layer = 0; layer < g.layers(); layer++) {
                for (HeatUnit unit : target) {
                    if (unit.layer() <= layer) {
                        now.add(unit);
                    }
                }
                while (held(c, t, layer, now) > allowed) {
                    int written = layer;
                    int step = t;
                    HeatUnit next = target.stream()
                            .filter(unit -> !now.contains(unit) && unit.layer() > written && unit.source() < step)
                            .min(Comparator.comparingInt((HeatUnit unit) -> -unit.layer())
                                    .thenComparingInt(unit -> -unit.source())
                                    .thenComparingInt(unit -> c.orders
                                            .order(unit.source())
                                            .indexOf(new HeatOrders.Slot(unit.head(), unit.layer()))))
                            .orElse(null);
                    if (next == null) {
                        return null;
                    }
                    now.add(next);
                    during.add(next);
                }
            }
            active = target;
        }
        return out;
    }

    private static long held(Case c, int t, int written, Set<HeatUnit> gone) {
        Geometry g = c.geometry;
        long sum = (long) g.layers() * g.heads() * g.firstToken(Math.min(c.protect, t));
        for (int s = c.orders.firstSource(); s <= Math.min(t, c.orders.lastSource()); s++) {
            for (int layer = 0; layer < (s == t ? written + 1 : g.layers()); layer++) {
                for (int head = 0; head < g.heads(); head++) {
                    sum += gone.contains(new HeatUnit(s, layer, head)) ? 0 : g.tokens(s);
                }
            }
        }
        return sum;
    }
}
