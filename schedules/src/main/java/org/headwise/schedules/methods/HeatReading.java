package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/** Reads the rules of a HeatKV schedule back as HeatKV's end states and early activations. */
public final class HeatReading {
    private HeatReading() {}

    /**
     * The strict schedule that these rules came from; early activations in ascending order, since the order of
     * activation within a layer leaves no trace in the rules.
     *
     * @throws InputRefused if HeatKV could not have planned this
     */
    public static HeatStrict of(Schedule schedule) {
        if (!schedule.method().equals(HeatKv.NAME)) {
            throw new InputRefused("this schedule is of method " + schedule.method() + ", expected " + HeatKv.NAME);
        }
        Geometry geometry = schedule.geometry();
        int steps = geometry.steps().size();
        int protect = protect(schedule);
        List<List<HeatUnit>> ends = new ArrayList<>();
        List<List<HeatStrict.Early>> early = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            ends.add(new ArrayList<>());
            early.add(new ArrayList<>());
        }
        for (Rule rule : schedule.rules()) {
            switch (rule) {
                case EvictScale evict -> {
                    HeatUnit unit = new HeatUnit(evict.source(), evict.layer(), evict.kvHead());
                    if (evict.afterLayer() != evict.layer()) {
                        // Early activation: the layer written next is one before the unit's own.
                        if (evict.afterLayer() + 1 >= evict.layer() || evict.source() >= evict.afterStep()) {
                            throw new InputRefused("HeatKV does not plan " + evict);
                        }
                        early.get(evict.afterStep()).add(new HeatStrict.Early(evict.afterLayer() + 1, unit));
                    }
                    for (int step = evict.afterStep(); step < steps; step++) {
                        ends.get(step).add(unit);
                    }
                }
                case HeadKeeps head -> throw new InputRefused("HeatKV does not plan " + head);
                case Capacity capacity -> throw new InputRefused("HeatKV does not plan " + capacity);
            }
        }
        ends.forEach(units -> units.sort(null));
        early.forEach(list -> list.sort(java.util.Comparator.comparingInt(HeatStrict.Early::whileWriting)
                .thenComparing(HeatStrict.Early::unit)));
        int[] counts;
        try {
            counts = HeatCounts.of(geometry, schedule.budget().share(), geometry.firstToken(protect));
        } catch (HeatCounts.Infeasible e) {
            throw new InputRefused("the budget of this schedule " + e.getMessage());
        }
        for (int step = 0; step < steps; step++) {
            for (int source = 0; source < steps - 1; source++) {
                int wanted = source < protect || source > step ? 0 : counts[Math.min(step + 1, steps - 1)];
                int from = source;
                long found = ends.get(step).stream()
                        .filter(unit -> unit.source() == from)
                        .count();
                if (found != wanted) {
                    throw new InputRefused("HeatKV at this budget removes " + wanted + " heads of source scale "
                            + source + " by the end of scale " + step + ", found " + found);
                }
            }
        }
        return new HeatStrict(geometry, protect, protect, steps - 2, HeatCounts.list(counts), ends, early);
    }

    private static int protect(Schedule schedule) {
        String text = schedule.parameters().getOrDefault(HeatKv.PROTECT, "missing");
        int most = schedule.geometry().steps().size() - 1;
        if (!text.matches("\\d{1,7}") || Integer.parseInt(text) > most) {
            throw new InputRefused("parameter " + HeatKv.PROTECT + " is " + text + ", expected 0 to " + most);
        }
        return Integer.parseInt(text);
    }
}
