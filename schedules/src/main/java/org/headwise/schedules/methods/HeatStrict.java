package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.headwise.model.Geometry;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.Rule;

/**
 * HeatKV's strict schedule: which units are gone when each step is over, and which of them go early within the step
 * because the caches of the layers are written one after another and would otherwise pass the budget (HeatKV
 * {@code strict_pruning_schedule_for_budget_scale_specific}, without its constants).
 *
 * @param counts heads removed of every prunable source scale when each step starts
 * @param ends per step, the units that are gone when it is over, ascending
 * @param early per step, the units activated early, in the order of activation
 */
public record HeatStrict(
        Geometry geometry,
        int protectedScales,
        int firstSource,
        int lastSource,
        List<Integer> counts,
        List<List<HeatUnit>> ends,
        List<List<Early>> early) {
    /** A unit whose removal is due at the end of a step takes effect when {@code whileWriting} is being written. */
    public record Early(int whileWriting, HeatUnit unit) {}

    public HeatStrict {
        counts = List.copyOf(counts);
        ends = ends.stream().map(List::copyOf).toList();
        early = early.stream().map(List::copyOf).toList();
    }

    /**
     * Plans for a budget.
     *
     * @param share the budget, 0 to 1
     * @throws HeatCounts.Infeasible if the rules of the method cannot keep it
     */
    static HeatStrict plan(Geometry geometry, HeatOrders orders, double share, int protectedScales) {
        int steps = geometry.steps().size();
        int retained = geometry.firstToken(Math.min(protectedScales, steps));
        int full = geometry.incomingTokens();
        if (full > 0 && share + HeatCounts.SLACK < HeatCounts.smallest(retained, full)) {
            throw new HeatCounts.Infeasible("is less than the protected tokens take");
        }
        int[] counts = HeatCounts.of(geometry, share, retained);
        double allowed = share * geometry.layers() * geometry.kvHeads() * full;
        List<List<HeatUnit>> ends = new ArrayList<>();
        List<List<Early>> early = new ArrayList<>();
        BitSet[] gone = new BitSet[steps];
        Arrays.setAll(gone, source -> new BitSet());
        for (int step = 0; step < steps - 1; step++) {
            Walk walk = new Walk(geometry, orders, step, counts[step + 1], protectedScales, gone);
            early.add(walk.run(allowed));
            ends.add(walk.due());
        }
        // The last step is never cached, so nothing more is due at its end.
        ends.add(ends.isEmpty() ? List.of() : ends.getLast());
        early.add(List.of());
        return new HeatStrict(
                geometry,
                protectedScales,
                orders.firstSource(),
                orders.lastSource(),
                HeatCounts.list(counts),
                ends,
                early);
    }

    /** The units whose keys queries of this step do not see, ascending: gone before it, or early within it. */
    public List<HeatUnit> removedWhile(int step) {
        List<HeatUnit> units = new ArrayList<>(step == 0 ? List.of() : ends.get(step - 1));
        early.get(step).forEach(activated -> units.add(activated.unit()));
        units.sort(null);
        return units;
    }

    /** The rules that do the same: every unit goes at the first moment at which it is gone. */
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        BitSet done = new BitSet();
        for (int step = 0; step < ends.size(); step++) {
            for (Early activated : early.get(step)) {
                HeatUnit unit = activated.unit();
                done.set(index(unit));
                rules.add(new EvictScale(unit.source(), unit.layer(), unit.head(), step, activated.whileWriting() - 1));
            }
            for (HeatUnit unit : ends.get(step)) {
                if (!done.get(index(unit))) {
                    done.set(index(unit));
                    rules.add(new EvictScale(unit.source(), unit.layer(), unit.head(), step, unit.layer()));
                }
            }
        }
        return rules;
    }

    private int index(HeatUnit unit) {
        return (unit.source() * geometry.layers() + unit.layer()) * geometry.kvHeads() + unit.head();
    }

    /** The layers of one step, in the order in which they are written. */
    private static final class Walk {
        private final Geometry geometry;
        private final int step;
        private final int lastSource;
        private final BitSet[] gone;
        private final List<HeatUnit> due = new ArrayList<>();
        private final List<List<HeatUnit>> dueByLayer = new ArrayList<>();
        private final boolean currentCounts;
        private long held;

        Walk(Geometry geometry, HeatOrders orders, int step, int count, int protectedScales, BitSet[] gone) {
            this.geometry = geometry;
            this.step = step;
            this.gone = gone;
            this.lastSource = Math.min(orders.lastSource(), step);
            this.currentCounts = step >= orders.firstSource() && step <= orders.lastSource();
            int slots = geometry.layers() * geometry.kvHeads();
            held = (long) slots * geometry.firstToken(Math.min(protectedScales, step));
            for (int layer = 0; layer < geometry.layers(); layer++) {
                dueByLayer.add(new ArrayList<>());
            }
            // Per layer, larger sources first, then the order of that source: the order of early activation.
            for (int source = lastSource; source >= orders.firstSource(); source--) {
                for (HeatOrders.Slot slot : orders.order(source).subList(0, count)) {
                    HeatUnit unit = new HeatUnit(source, slot.layer(), slot.head());
                    due.add(unit);
                    dueByLayer.get(slot.layer()).add(unit);
                }
                if (source < step) {
                    held += (long) (slots - gone[source].cardinality()) * geometry.tokens(source);
                }
            }
            due.sort(null);
        }

        List<HeatUnit> due() {
            return due;
        }

        /** Lets every due unit go, early where the budget asks for it. */
        List<Early> run(double allowed) {
            List<Early> activated = new ArrayList<>();
            for (int layer = 0; layer < geometry.layers(); layer++) {
                if (currentCounts) {
                    held += (long) geometry.kvHeads() * geometry.tokens(step);
                }
                dueByLayer.get(layer).forEach(this::release);
                for (int later = geometry.layers() - 1; later > layer && held > allowed; later--) {
                    for (HeatUnit unit : dueByLayer.get(later)) {
                        if (held > allowed && unit.source() < step && release(unit)) {
                            activated.add(new Early(layer, unit));
                        }
                    }
                }
                if (held > allowed) {
                    throw new HeatCounts.Infeasible("cannot be met at step " + step + " after layer " + layer + ": "
                            + held + " tokens remain where " + allowed + " are allowed");
                }
            }
            return activated;
        }

        /** Whether it was still there. */
        private boolean release(HeatUnit unit) {
            int slot = unit.layer() * geometry.kvHeads() + unit.head();
            if (gone[unit.source()].get(slot)) {
                return false;
            }
            gone[unit.source()].set(slot);
            held -= geometry.tokens(unit.source());
            return true;
        }
    }
}
