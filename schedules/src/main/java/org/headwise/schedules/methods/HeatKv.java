package org.headwise.schedules.methods;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.headwise.analysis.Profile;
import org.headwise.analysis.ScaleHeat;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Schedule;

/**
 * HeatKV (arXiv 2605.14877): heads that later scales hardly look at through a source scale lose the keys of that scale.
 * Heads are ranked per source scale by their heat (S-CAS), and the same number of them is removed from every scale, just
 * enough for what each step finds in the cache to fit the budget.
 */
public final class HeatKv implements Method {
    /** Name of the method in files and on the command line. */
    public static final String NAME = "heatkv";
    /** Parameter: how many scales, counted from the first, are never pruned. */
    public static final String PROTECT = "protect";
    /** The value of {@link #PROTECT} in the released schedules. */
    public static final int RELEASED_PROTECT = 3;

    private static final int DECIMALS = 12;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return "releases, scale by scale, the keys of the heads that later scales look at least (arXiv 2605.14877)";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(
                PROTECT, "scales, counted from the first, that are never pruned", Integer.toString(RELEASED_PROTECT)));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        RasterBudget.refuse(profile.geometry(), NAME, "removes scales");
        int protect = protect(resolve(options).get(PROTECT));
        return plan(profile.geometry(), orders(profile, protect), budget, protect, provenance);
    }

    /** The orders that the heat of a calibration gives, from source scale {@code protect} on. */
    public static HeatOrders orders(Profile profile, int protect) {
        Geometry geometry = profile.geometry();
        int steps = geometry.steps().size();
        checkProtect(protect, steps);
        return HeatOrders.of(
                profile.statistic(ScaleHeat.class).scores(protect),
                geometry.layers(),
                geometry.heads(),
                steps,
                protect);
    }

    private static int protect(String text) {
        if (!text.matches("\\d{1,7}")) {
            throw new InputRefused(PROTECT + " " + text + " is no number of scales, expected 0 or more");
        }
        return Integer.parseInt(text);
    }

    private static void checkProtect(int protect, int steps) {
        if (protect < 0 || protect >= steps) {
            throw new InputRefused(
                    PROTECT + " " + protect + " is out of range, expected 0 to " + (steps - 1) + " scales");
        }
    }

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
            throw new InputRefused("heatkv ranks and removes single heads, but the " + geometry.heads()
                    + " heads of this model share the keys of " + geometry.kvHeads()
                    + " kv heads, and neither paper nor"
                    + " code says which score a shared kv head has; plan hack or scalekv instead");
        }
        checkProtect(protect, steps);
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
