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
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Method;
import org.headwise.schedules.Methods;
import org.headwise.schedules.Rule;
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

    /** The same for raster models. */
    Map<String, String> lenientForRaster() {
        return lenient();
    }

    /** Whether it plans for next-scale models; if not, it has to refuse them. */
    boolean plansScales() {
        return true;
    }

    /** Whether it plans for raster models; if not, it has to refuse them. */
    boolean plansRaster() {
        return true;
    }

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
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            boolean raster = seed % 2 == 1;
            if (raster ? plansRaster() : plansScales()) {
                Profile profile = profile(raster ? raster(random) : geometry(random), random);
                double share = Math.max(leastShare(), (1 + random.nextInt(20)) / 20.0);
                Budget budget = new Budget(share, Budget.Meaning.PEAK_INCOMING);
                check(profile, budget, raster ? lenientForRaster() : lenient(), "seed " + seed + " at " + budget);
            }
        }
    }

    private void check(Profile profile, Budget budget, Map<String, String> options, String place) {
        Schedule schedule = method().plan(profile, budget, options, Cases.PROVENANCE);
        assertEquals(schedule, method().plan(profile, budget, options, Cases.PROVENANCE), place);
        assertEquals(method().name(), schedule.method());
        assertEquals(profile.geometry(), schedule.geometry());
        assertEquals(budget.share(), schedule.budget().share());
        assertEquals(method().resolve(options), schedule.parameters(), place);
        checkLedger(schedule, schedule.geometry().promptTokens(), place);
        if (profile.geometry().raster() != null) {
            checkLedger(schedule, 7, place);
        }
        assertEquals(
                schedule,
                ScheduleJson.read(Json.parse(Json.pretty(ScheduleJson.write(schedule)), "written"), "written"),
                place);
    }

    private static void checkLedger(Schedule schedule, int promptTokens, String place) {
        Geometry geometry = schedule.geometry();
        boolean raster = geometry.raster() != null;
        TokenLedger ledger = raster ? schedule.predicted(promptTokens) : schedule.predicted();
        Budget budget = schedule.budget();
        assertEquals(raster, budget.meaning() == Budget.Meaning.IMAGE_TOKENS, place);
        long heads = (long) geometry.layers() * geometry.kvHeads();
        // A share like 95% is no exact binary number. A prompt is on top where it is kept, and under a full budget.
        boolean onTop = raster
                && (budget.share() == 1
                        || schedule.rules().stream()
                                .allMatch(rule -> rule instanceof HeadKeeps head
                                        && head.keeping().promptKept()));
        double allowed = budget.tokens(geometry) + 1e-6 + (onTop ? heads * promptTokens : 0);
        boolean always = budget.meaning() != Budget.Meaning.BETWEEN_STEPS;
        for (int step = 0; step < geometry.steps().size(); step++) {
            assertTrue(ledger.end().get(step) <= allowed, place + ", step " + step + ": " + ledger.end());
            long tokens = raster && step == 0 ? promptTokens : geometry.tokens(step);
            assertTrue(
                    !always || ledger.peak().get(step) <= allowed + geometry.kvHeads() * tokens,
                    place + ", step " + step + ": " + ledger.peak());
        }
    }

    @Test
    void aFullBudgetKeepsEverything() {
        Random random = new Random(1);
        if (plansScales()) {
            assertEquals(List.of(), rules(geometry(random), random, lenient()));
        }
        if (plansRaster()) {
            assertEquals(List.of(), rules(raster(random), random, lenientForRaster()));
        }
    }

    private List<Rule> rules(Geometry geometry, Random random, Map<String, String> options) {
        return method().plan(profile(geometry, random), Budget.parse("100%"), options, Cases.PROVENANCE)
                .rules();
    }

    @Test
    void modelsItIsNotForAreRefused() {
        Random random = new Random(3);
        for (Geometry geometry : List.of(geometry(random), raster(random))) {
            if (geometry.raster() == null ? !plansScales() : !plansRaster()) {
                String message = assertThrows(
                                InputRefused.class,
                                () -> method().plan(
                                                new Profile(geometry, Cases.PROVENANCE, 1, List.of()),
                                                Budget.parse("100%"),
                                                Map.of(),
                                                Cases.PROVENANCE))
                        .getMessage();
                assertTrue(message.contains(method().name()) && message.contains(geometry.family()), message);
            }
        }
    }

    @Test
    void unknownOptionsAreRefused() {
        Random random = new Random(2);
        Profile profile = profile(plansScales() ? geometry(random) : raster(random), random);
        String message = assertThrows(
                        InputRefused.class,
                        () -> method().plan(profile, Budget.parse("100%"), Map.of("colour", "red"), Cases.PROVENANCE))
                .getMessage();
        assertTrue(message.contains("has no option colour"), message);
    }

    static Geometry raster(Random random) {
        int kvHeads = 1 + random.nextInt(4);
        Grid image = new Grid(4 + random.nextInt(4), 5 + random.nextInt(4));
        return Geometry.raster("janus", 1 + random.nextInt(6), kvHeads * (1 + random.nextInt(2)), kvHeads, 4, image);
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
