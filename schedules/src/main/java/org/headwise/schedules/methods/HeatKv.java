package org.headwise.schedules.methods;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;

/**
 * HeatKV (arXiv 2605.14877): heads that later scales hardly look at through a source scale lose the keys of that scale.
 * Heads are ranked per source scale by their heat (S-CAS), and the same number of them is removed from every scale, just
 * enough for what each step finds in the cache to fit the budget.
 */
public final class HeatKv {
    /** Name of the method in files and on the command line. */
    public static final String NAME = "heatkv";
    /** Parameter: how many scales, counted from the first, are never pruned. */
    public static final String PROTECT = "protect";
    /** The value of {@link #PROTECT} in the released schedules. */
    public static final int RELEASED_PROTECT = 3;

    private static final int DECIMALS = 12;

    /**
     * Plans from ready orders.
     *
     * @param orders from source scale {@code protect} on, or from an earlier one, whose surplus is then left out
     * @param protect scales, counted from the first, that are never pruned
     * @throws InputRefused if the orders are of another geometry, or the budget cannot be met: the smallest feasible one
     *     is then named
     */
    public static Schedule plan(
            Geometry geometry, HeatOrders orders, Budget budget, int protect, Provenance provenance) {
        HeatStrict strict = strict(geometry, orders, budget, protect);
        return new Schedule(
                geometry,
                NAME,
                new TreeMap<>(Map.of(PROTECT, Integer.toString(protect))),
                budget,
                strict.rules(),
                provenance);
    }

    /** As {@link #plan}, but what HeatKV calls its strict schedule: counts, end states and early activations. */
    public static HeatStrict strict(Geometry geometry, HeatOrders orders, Budget budget, int protect) {
        int steps = geometry.steps().size();
        if (geometry.heads() != geometry.kvHeads()) {
            throw new InputRefused("heatkv removes heads one by one and needs a kv head for each of the "
                    + geometry.heads() + " heads, found " + geometry.kvHeads() + " kv heads");
        }
        if (protect < 0 || protect >= steps) {
            throw new InputRefused("protect " + protect + " is out of range, expected 0 to " + (steps - 1) + " scales");
        }
        if (orders.layers() != geometry.layers() || orders.heads() != geometry.kvHeads()) {
            throw new InputRefused("the orders are for " + orders.layers() + " layers of " + orders.heads()
                    + " heads, but the geometry has " + geometry.layers() + " layers of " + geometry.kvHeads());
        }
        if (orders.lastSource() != steps - 2) {
            throw new InputRefused("the orders end at source scale " + orders.lastSource() + ", but a geometry of "
                    + steps + " scales needs them up to scale " + (steps - 2));
        }
        return feasible(geometry, orders.from(protect), budget.share(), protect);
    }

    /**
     * The original program's calculation, where protected scales and prunable sources are separate settings: scales
     * between them are counted nowhere, and scales in both twice.
     *
     * @param share the budget, 0 to 1
     */
    public static HeatStrict released(Geometry geometry, HeatOrders orders, double share, int protectedScales) {
        return feasible(geometry, orders, new Budget(share, Budget.Meaning.PEAK_INCOMING).share(), protectedScales);
    }

    private static HeatStrict feasible(Geometry geometry, HeatOrders orders, double share, int protect) {
        try {
            return HeatStrict.plan(geometry, orders, share, protect);
        } catch (HeatCounts.Infeasible e) {
            int retained = geometry.firstToken(protect);
            double least = HeatCounts.smallest(retained, geometry.incomingTokens());
            String next = smallestFrom(geometry, orders, Math.max(share, least), protect).stream()
                    .mapToObj(found ->
                            (share < least ? "the smallest feasible budget is " : "the next feasible budget is ")
                                    + BigDecimal.valueOf(found).toPlainString())
                    .findFirst()
                    .orElse("no larger budget is feasible either");
            throw new InputRefused("budget " + BigDecimal.valueOf(share).toPlainString() + " " + e.getMessage() + " ("
                    + protect + " protected scales keep " + retained + " of " + geometry.incomingTokens()
                    + " tokens); " + next);
        }
    }

    /** The smallest feasible share that is at least {@code from}, rounded up to twelve decimals. */
    private static OptionalDouble smallestFrom(Geometry geometry, HeatOrders orders, double from, int protect) {
        long unit = (long) Math.pow(10, DECIMALS);
        long low = BigDecimal.valueOf(from)
                .movePointRight(DECIMALS)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
        long high = low;
        for (long step = 1; !plans(geometry, orders, high, protect); step *= 2) {
            if (high >= unit) {
                return OptionalDouble.empty();
            }
            low = high;
            high = Math.min(unit, low + step);
        }
        while (high - low > 1) {
            long middle = (low + high) / 2;
            if (plans(geometry, orders, middle, protect)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return OptionalDouble.of(share(high));
    }

    private static boolean plans(Geometry geometry, HeatOrders orders, long units, int protect) {
        try {
            HeatStrict.plan(geometry, orders, share(units), protect);
            return true;
        } catch (HeatCounts.Infeasible e) {
            return false;
        }
    }

    private static double share(long units) {
        return BigDecimal.valueOf(units, DECIMALS).doubleValue();
    }
}
