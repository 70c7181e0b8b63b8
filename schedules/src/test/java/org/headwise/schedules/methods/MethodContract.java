package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Method;
import org.headwise.schedules.Methods;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.TokenLedger;
import org.junit.jupiter.api.Test;

/** What every method has to keep; its test extends this. */
abstract class MethodContract {
    abstract Method method();

    /** A profile with random measurements that the method can use. */
    abstract Profile profile(Geometry geometry, Random random);

    /** Options under which any of the geometries and budgets below can be planned. */
    abstract Map<String, String> lenient();

    /** The smallest share that the method can keep to. */
    double leastShare() {
        return 0;
    }

    @Test
    void isRegisteredAndDescribesItself() {
        assertSame(method().getClass(), Methods.named(method().name()).getClass());
        assertTrue(method().name().matches("[a-z][a-z0-9-]*"));
        assertFalse(method().describe().isBlank() || method().describe().contains("\n"));
        method().options()
                .forEach(option -> assertEquals(
                        option.standard(), method().resolve(Map.of()).get(option.name())));
    }

    @Test
    void keepsTheBudgetAndIsTheSameTwiceAndInAFile() {
        for (long seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            Profile profile = profile(geometry(random), random);
            Budget budget =
                    new Budget(Math.max(leastShare(), (1 + random.nextInt(20)) / 20.0), Budget.Meaning.PEAK_INCOMING);
            String place = "seed " + seed + " at " + budget.percent();
            Schedule schedule = method().plan(profile, budget, lenient(), Cases.PROVENANCE);
            assertEquals(schedule, method().plan(profile, budget, lenient(), Cases.PROVENANCE), place);
            assertEquals(method().name(), schedule.method());
            assertEquals(profile.geometry(), schedule.geometry());
            assertEquals(budget.share(), schedule.budget().share());
            assertEquals(method().resolve(lenient()), schedule.parameters(), place);
            TokenLedger ledger = schedule.predicted();
            // A share like 95% is no exact binary number.
            double allowed = budget.tokens(profile.geometry()) + 1e-6;
            for (int step = 0; step < profile.geometry().steps().size(); step++) {
                assertTrue(ledger.end().get(step) <= allowed, place + ", step " + step + ": " + ledger.end());
                long layer =
                        (long) profile.geometry().kvHeads() * profile.geometry().tokens(step);
                boolean always = schedule.budget().meaning() == Budget.Meaning.PEAK_INCOMING;
                assertTrue(
                        !always || ledger.peak().get(step) <= allowed + layer,
                        place + ", step " + step + ": " + ledger.peak());
            }
            assertEquals(
                    schedule,
                    ScheduleJson.read(Json.parse(Json.pretty(ScheduleJson.write(schedule)), "written"), "written"),
                    place);
        }
    }

    @Test
    void aFullBudgetKeepsEverything() {
        Random random = new Random(1);
        Budget full = Budget.parse("100%");
        assertEquals(
                List.of(),
                method().plan(profile(geometry(random), random), full, lenient(), Cases.PROVENANCE)
                        .rules());
    }

    @Test
    void unknownOptionsAreRefused() {
        Random random = new Random(2);
        Profile profile = profile(geometry(random), random);
        String message = assertThrows(
                        InputRefused.class,
                        () -> method().plan(profile, Budget.parse("100%"), Map.of("colour", "red"), Cases.PROVENANCE))
                .getMessage();
        assertTrue(message.contains("has no option colour"), message);
    }

    private static Geometry geometry(Random random) {
        int heads = 1 + random.nextInt(4);
        List<Grid> grids = new ArrayList<>();
        int steps = 2 + random.nextInt(7);
        for (int s = 0; s < steps; s++) {
            grids.add(new Grid(1 + s * (1 + random.nextInt(2)), 1 + s));
        }
        return new Geometry("infinity", 1 + random.nextInt(6), heads, heads, 4, grids);
    }
}
