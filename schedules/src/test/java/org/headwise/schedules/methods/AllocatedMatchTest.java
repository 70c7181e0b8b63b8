package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.AllocatedMatch;
import org.headwise.schedules.runtime.PageLedger;
import org.headwise.schedules.runtime.Storage;
import org.junit.jupiter.api.Test;

/** Methods matched to the bytes of others, against trying very many budgets one by one. */
class AllocatedMatchTest {
    private static final int SCANNED = 1500;

    private static List<MethodContract> methods() {
        return List.of(
                new HeatKvTest(),
                new ScaleKvTest(),
                new BaselinesTest().new OfUniform(),
                new BaselinesTest().new OfWindow());
    }

    private static Function<Budget, Schedule> planner(MethodContract test, Geometry geometry, long seed) {
        Profile profile = test.profile(geometry, new Random(seed));
        return budget -> test.method().plan(profile, budget, test.lenient(), Cases.PROVENANCE);
    }

    private static long peak(Schedule schedule) {
        return PageLedger.of(schedule, 1, Storage.BF16).peak();
    }

    /** -1 for a budget that cannot be met: heatkv misses some exact fractions by a rounding error. */
    private static long peakAt(Function<Budget, Schedule> planner, double share) {
        try {
            return peak(planner.apply(new Budget(share, Budget.Meaning.PEAK_INCOMING)));
        } catch (InputRefused infeasible) {
            return -1;
        }
    }

    @Test
    void reachesWhatALinearScanReachesAndNeverMore() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int trial = 0; trial < 6; trial++) {
            Geometry geometry = geometry(random);
            String where = "seed " + seed + ", trial " + trial;
            Schedule reference = planner(methods().get(random.nextInt(4)), geometry, trial)
                    .apply(new Budget(0.05 + 0.9 * random.nextDouble(), Budget.Meaning.PEAK_INCOMING));
            for (MethodContract test : methods()) {
                Function<Budget, Schedule> planner = planner(test, geometry, trial);
                String place = where + ", " + test.method().name() + " to " + reference.method();
                long best = -1;
                for (int i = 0; i <= SCANNED; i++) {
                    long peak = peakAt(planner, (double) i / SCANNED);
                    best = peak <= peak(reference) ? Math.max(best, peak) : best;
                }
                if (best < 0) {
                    assertThrows(InputRefused.class, () -> AllocatedMatch.of(reference, planner), place);
                    continue;
                }
                AllocatedMatch match = AllocatedMatch.of(reference, planner);
                assertEquals(peak(reference), match.limitBytes(), place);
                assertEquals(peak(match.schedule()), match.peakBytes(), place);
                assertTrue(match.peakBytes() <= match.limitBytes(), place + ": " + match);
                assertTrue(match.peakBytes() >= best, place + ": " + match.describe() + ", a scan finds " + best);
                assertEquals(planner.apply(match.budget()), match.schedule(), place);
            }
        }
    }

    @Test
    void aMethodMatchedToItselfIsAsLarge() {
        Geometry geometry = geometry(new Random(3));
        for (MethodContract test : methods()) {
            Function<Budget, Schedule> planner = planner(test, geometry, 1);
            Schedule half = planner.apply(Budget.parse("37%"));
            assertEquals(
                    1, AllocatedMatch.of(half, planner).share(), test.method().name());
        }
    }

    @Test
    void whatCannotBeReachedIsRefusedWithTheLeastThatCan() {
        Geometry geometry = geometry(new Random(4));
        Schedule tiny = planner(new BaselinesTest().new OfWindow(), geometry, 1).apply(Budget.parse("0%"));
        Profile profile = new HeatKvTest().profile(geometry, new Random(1));
        InputRefused refused = assertThrows(
                InputRefused.class,
                () -> AllocatedMatch.of(
                        tiny, budget -> new HeatKv().plan(profile, budget, Map.of("protect", "3"), Cases.PROVENANCE)));
        assertTrue(refused.getMessage().contains("heatkv cannot be planned for so few bytes"), refused.getMessage());
        InputRefused unknown = assertThrows(
                InputRefused.class,
                () -> AllocatedMatch.of(
                        tiny, budget -> new HeatKv().plan(profile, budget, Map.of("warmth", "3"), Cases.PROVENANCE)));
        assertTrue(unknown.getMessage().contains("no option warmth"), unknown.getMessage());
    }

    private static Geometry geometry(Random random) {
        List<Grid> grids = new ArrayList<>();
        int steps = 4 + random.nextInt(3);
        for (int step = 0; step < steps; step++) {
            grids.add(new Grid(1 + step, 1 + step));
        }
        int heads = 1 + random.nextInt(3);
        return new Geometry("infinity", 2 + random.nextInt(3), heads, heads, 4, grids);
    }
}
