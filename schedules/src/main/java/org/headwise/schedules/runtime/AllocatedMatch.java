package org.headwise.schedules.runtime;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.headwise.files.InputRefused;
import org.headwise.model.GeometryJson;
import org.headwise.schedules.Budget;
import org.headwise.schedules.BudgetSearch;
import org.headwise.schedules.Schedule;

/**
 * A schedule whose peak of allocated bytes comes as near to that of another one as its method can, never above.
 *
 * @param budget the share of the full cache that leads there
 * @param schedule what is planned for it
 * @param peakBytes what it allocates at most, one row in BF16
 * @param limitBytes what the other allocates at most
 */
public record AllocatedMatch(Budget budget, Schedule schedule, long peakBytes, long limitBytes) {
    /** Bytes are proportional to rows and storage, so any choice of them compares alike. */
    private static final int ROWS = 1;

    private static final Storage STORAGE = Storage.BF16;
    /** Finer than this the grid is not worth its time: borders are closed in on anyway. */
    private static final int MOST_GRID = 256;

    /**
     * Searches for the budget.
     *
     * @param plan plans the method for a budget; refusals mean that this budget cannot be met
     * @throws InputRefused if the method allocates more than the other at every budget that it can be planned for
     */
    public static AllocatedMatch of(Schedule other, Function<Budget, Schedule> plan) {
        long limit = peak(other);
        int grid = Math.max(1, Math.min(MOST_GRID, other.geometry().incomingTokens()));
        Optional<BudgetSearch.Found> found = BudgetSearch.nearest(
                share -> attempt(plan, share).map(schedule -> PageLedger.of(schedule, ROWS, STORAGE)), limit, grid);
        Budget budget = new Budget(
                found.orElseThrow(() -> unreachable(plan, limit, grid)).share(), Budget.Meaning.PEAK_INCOMING);
        Schedule schedule = plan.apply(budget);
        GeometryJson.requireSame(other.geometry(), schedule.geometry(), "the schedule to be matched");
        return new AllocatedMatch(budget, schedule, peak(schedule), limit);
    }

    /** The share of the other's bytes that is reached: 1 if they are equal. */
    public double share() {
        return limitBytes == 0 ? 1 : (double) peakBytes / limitBytes;
    }

    /** The same with the schedule as it shall be kept, for example with other provenance. */
    public AllocatedMatch with(Schedule planned) {
        return new AllocatedMatch(budget, planned, peak(planned), limitBytes);
    }

    /** What it reached, as the end of a sentence that names it. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "allocates %,d bytes at most where the other allocates %,d (%.2f%%), at a budget of %s",
                peakBytes,
                limitBytes,
                100 * share(),
                budget.percent());
    }

    private static long peak(Schedule schedule) {
        return PageLedger.of(schedule, ROWS, STORAGE).peak();
    }

    private static Optional<Schedule> attempt(Function<Budget, Schedule> plan, double share) {
        try {
            return Optional.of(plan.apply(new Budget(share, Budget.Meaning.PEAK_INCOMING)));
        } catch (InputRefused infeasible) {
            return Optional.empty();
        }
    }

    /** Either nothing can be planned, which the method explains best, or everything is too large. */
    private static InputRefused unreachable(Function<Budget, Schedule> plan, long limit, int grid) {
        Optional<Schedule> least = Optional.empty();
        for (int i = 0; i <= grid && least.isEmpty(); i++) {
            least = attempt(plan, (double) i / grid);
        }
        if (least.isEmpty()) {
            plan.apply(new Budget(1, Budget.Meaning.PEAK_INCOMING));
        }
        return new InputRefused(String.format(
                Locale.ROOT,
                "method %s cannot be planned for so few bytes: the smallest budget that it meets, %s, allocates %,d at"
                        + " most, but %,d are allowed",
                least.orElseThrow().method(),
                least.orElseThrow().budget().percent(),
                peak(least.orElseThrow()),
                limit));
    }
}
