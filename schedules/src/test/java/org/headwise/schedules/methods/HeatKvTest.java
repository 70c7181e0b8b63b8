package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.headwise.analysis.Profile;
import org.headwise.analysis.ScaleHeat;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Method;
import org.headwise.schedules.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeatKvTest extends MethodContract {
    private static final Geometry SMALL = new Geometry(
            "infinity", 3, 2, 2, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));

    @Override
    Method method() {
        return new HeatKv();
    }

    @Override
    Profile profile(Geometry geometry, Random random) {
        ScaleHeat heat = new ScaleHeat(geometry);
        double[] mass = heat.sums().get("mass");
        for (int i = 0; i < mass.length; i++) {
            mass[i] = random.nextDouble();
        }
        Arrays.fill(heat.sums().get("queries"), 1);
        return new Profile(geometry, Cases.PROVENANCE, 1, List.of(heat));
    }

    @Override
    boolean plansRaster() {
        return false;
    }

    @Override
    Map<String, String> lenient() {
        return Map.of(HeatKv.PROTECT, "0");
    }

    @Test
    void ordersFollowTheHeatAndItsTies() {
        Profile profile = profile(SMALL, new Random(5));
        ScaleHeat heat = profile.statistic(ScaleHeat.class);
        assertEquals(
                heat.orders(1),
                HeatKv.orders(profile, 1).orders().stream()
                        .map(order -> order.stream()
                                .map(slot -> new ScaleHeat.HeadOfLayer(slot.head(), slot.layer()))
                                .toList())
                        .toList());
        Arrays.fill(heat.sums().get("mass"), 0.25);
        List<HeatOrders.Slot> ties = HeatKv.orders(profile, 1).order(1);
        assertEquals(new HeatOrders.Slot(0, 0), ties.get(0));
        assertEquals(new HeatOrders.Slot(0, 1), ties.get(1));
        assertEquals(new HeatOrders.Slot(1, 2), ties.getLast());
    }

    @Test
    void aProfileAndItsOrdersGiveTheSameSchedule() {
        Profile profile = profile(SMALL, new Random(6));
        Budget budget = Budget.parse("60%");
        Schedule planned = new HeatKv().plan(profile, budget, Map.of("protect", "2"), Cases.PROVENANCE);
        assertTrue(!planned.rules().isEmpty());
        // Orders that start earlier than needed lose their surplus.
        for (int from = 0; from <= 2; from++) {
            assertEquals(planned, HeatKv.plan(SMALL, HeatKv.orders(profile, from), budget, 2, Cases.PROVENANCE));
        }
        String message = assertThrows(
                        InputRefused.class,
                        () -> HeatKv.plan(SMALL, HeatKv.orders(profile, 2), budget, 1, Cases.PROVENANCE))
                .getMessage();
        assertTrue(message.contains("protect the first 2 scales or more"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "", "4", "99999999", "1.5"})
    void nonsenseProtectIsRefused(String protect) {
        Profile profile = profile(SMALL, new Random(7));
        assertThrows(
                InputRefused.class,
                () -> new HeatKv().plan(profile, Budget.parse("50%"), Map.of("protect", protect), Cases.PROVENANCE));
    }

    @Test
    void otherGeometriesAndMissingHeatAreRefused() {
        Profile without = new Profile(SMALL, Cases.PROVENANCE, 1, List.of());
        Budget budget = Budget.parse("50%");
        assertThrows(InputRefused.class, () -> new HeatKv().plan(without, budget, Map.of(), Cases.PROVENANCE));
        Profile unobserved = new Profile(SMALL, Cases.PROVENANCE, 1, List.of(new ScaleHeat(SMALL)));
        String message = assertThrows(
                        InputRefused.class, () -> new HeatKv().plan(unobserved, budget, lenient(), Cases.PROVENANCE))
                .getMessage();
        assertTrue(message.contains("cannot be ranked"), message);
        Geometry grouped = new Geometry("x", 3, 4, 2, 4, SMALL.steps());
        HeatOrders orders = HeatKv.orders(profile(SMALL, new Random(8)), 1);
        for (Executable planning : List.<Executable>of(
                () -> HeatKv.plan(grouped, orders, budget, 1, Cases.PROVENANCE),
                () -> new HeatKv().plan(profile(grouped, new Random(8)), budget, lenient(), Cases.PROVENANCE))) {
            String shared = assertThrows(InputRefused.class, planning).getMessage();
            assertTrue(shared.contains("the 4 heads of this model share the keys of 2 kv heads"), shared);
            assertTrue(shared.contains("plan hack or scalekv instead"), shared);
        }
        Geometry longer = new Geometry(
                "x",
                3,
                2,
                2,
                4,
                List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4), new Grid(5, 5)));
        assertThrows(InputRefused.class, () -> HeatKv.plan(longer, orders, budget, 1, Cases.PROVENANCE));
    }
}
