package org.headwise.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.headwise.files.InputRefused;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.runtime.AllocatedMatch;

/**
 * The schedules of a sweep: methods times budgets. Matched, the first method is planned for each budget, and the others
 * for the bytes that it allocates then.
 *
 * @param folder receives the schedules
 * @param common options for every method that has them
 * @param matched whether all methods shall allocate what the first one does
 */
record SweepPlan(
        Planning planning,
        Path folder,
        List<MethodChoice> methods,
        List<Budget> budgets,
        Map<String, String> common,
        boolean matched) {
    /** Methods that stay this far below the bytes of the first are not compared with it as equals. */
    private static final double LEAST_SHARE = 0.9;

    SweepPlan {
        for (String option : common.keySet()) {
            if (methods.stream().noneMatch(method -> method.names().contains(option))) {
                throw new InputRefused("none of the methods "
                        + String.join(
                                ", ", methods.stream().map(MethodChoice::label).toList())
                        + " has an option " + option);
            }
        }
    }

    /** Plans and writes all; what cannot be planned is left out with a note. */
    List<PlannedSchedule> write(List<String> notes) {
        List<PlannedSchedule> planned = new ArrayList<>();
        List<Optional<PlannedSchedule>> firsts = new ArrayList<>();
        for (MethodChoice choice : methods) {
            for (int b = 0; b < budgets.size(); b++) {
                boolean first = choice == methods.getFirst();
                Optional<PlannedSchedule> one = first || !matched
                        ? attempt(choice, budgets.get(b), notes)
                        : match(choice, budgets.get(b), firsts.get(b), notes);
                if (first) {
                    firsts.add(one);
                }
                one.ifPresent(planned::add);
            }
        }
        if (planned.isEmpty()) {
            throw new InputRefused("none of these methods can meet any of these budgets");
        }
        return planned;
    }

    private Optional<PlannedSchedule> attempt(MethodChoice choice, Budget budget, List<String> notes) {
        try {
            Schedule schedule = planning.plan(choice.method(), budget, choice.over(common));
            return Optional.of(written(choice, budget, schedule));
        } catch (InputRefused infeasible) {
            notes.add(choice.label() + " at " + budget.percent() + " is left out: " + infeasible.getMessage());
            return Optional.empty();
        }
    }

    private Optional<PlannedSchedule> match(
            MethodChoice choice, Budget budget, Optional<PlannedSchedule> first, List<String> notes) {
        if (first.isEmpty()) {
            return Optional.empty();
        }
        String what = choice.label() + " at " + budget.percent();
        try {
            AllocatedMatch match = planning.match(
                    choice.method(),
                    choice.over(common),
                    first.get().schedule(),
                    first.get().file());
            if (match.share() < LEAST_SHARE) {
                notes.add(what + " is left out: it " + match.describe() + ", which is too far below to be compared");
                return Optional.empty();
            }
            notes.add(what + " " + match.describe());
            return Optional.of(written(choice, budget, match.schedule()));
        } catch (InputRefused infeasible) {
            notes.add(what + " is left out: " + infeasible.getMessage());
            return Optional.empty();
        }
    }

    private PlannedSchedule written(MethodChoice choice, Budget budget, Schedule schedule) {
        String name = choice.label() + "-" + budget.percent();
        String file = name.replace("%", "").replaceAll("[^A-Za-z0-9._=-]", "_").toLowerCase(Locale.ROOT) + ".json";
        Path place = folder.resolve(file);
        ScheduleJson.write(schedule, place);
        return new PlannedSchedule(name, choice.label(), budget.share(), place, schedule);
    }
}
