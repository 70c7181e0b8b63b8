package org.headwise.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headwise.analysis.Profile;
import org.headwise.calibrate.RunFolder;
import org.headwise.datasets.PromptSet;
import org.headwise.files.InputRefused;
import org.headwise.model.GeometryJson;
import org.headwise.model.Sampling;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Methods;
import org.headwise.schedules.Option;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.runtime.Storage;

/**
 * Methods times budgets: plans from a run, evaluates all, and writes the report.
 *
 * @param run folder of the calibration
 * @param out receives {@code schedules/}, {@code evaluation/} and {@code report.html}
 * @param options of the methods
 */
record Sweep(
        OpenModel opened,
        Path run,
        Path out,
        List<String> methods,
        List<Budget> budgets,
        Map<String, String> options,
        PromptSet prompts,
        Sampling sampling,
        long seed,
        Storage storage,
        int images) {
    /**
     * What came of it.
     *
     * @param finished false if it was stopped before its end; there is no report then
     */
    record Outcome(EvaluationResult result, boolean finished, Path report) {}

    Outcome perform(Session session, boolean force, String resume) {
        Profile profile = Profile.of(RunFolder.open(run));
        GeometryJson.requireSame(opened.model().geometry(), profile.geometry(), run.toString());
        List<String> notes = new ArrayList<>();
        List<PlannedSchedule> planned = plan(session, profile, notes);
        Comparison comparison = new Comparison(opened, prompts, sampling, seed, planned, storage, images);
        Path evaluation = out.resolve("evaluation");
        if (force) {
            Comparison.clear(evaluation);
        }
        EvaluationResult result = comparison.into(evaluation, session, resume);
        Path report = out.resolve("report.html");
        boolean finished = comparison.finished(result);
        if (finished) {
            new RunReport(run, planned, evaluation, notes).write(report);
        }
        return new Outcome(result, finished, report);
    }

    private List<PlannedSchedule> plan(Session session, Profile profile, List<String> notes) {
        List<PlannedSchedule> planned = new ArrayList<>();
        for (Method method : known()) {
            String name = method.name();
            // Methods have different options: each takes those that are its own.
            Map<String, String> own = new TreeMap<>(options);
            own.keySet().retainAll(names(method));
            for (Budget budget : budgets) {
                try {
                    Schedule schedule = Planning.plan(session, run, profile, method, budget, own);
                    String file = name + "-" + budget.percent().replace("%", "") + ".json";
                    Path place = out.resolve("schedules").resolve(file);
                    ScheduleJson.write(schedule, place);
                    planned.add(new PlannedSchedule(PlannedSchedule.name(schedule), place, schedule));
                } catch (InputRefused infeasible) {
                    notes.add(name + " at " + budget.percent() + " is left out: " + infeasible.getMessage());
                }
            }
        }
        notes.forEach(note -> session.say("note: " + note));
        if (planned.isEmpty()) {
            throw new InputRefused("none of these methods can meet any of these budgets");
        }
        return planned;
    }

    /** The methods; an option that none of them has is refused. */
    private List<Method> known() {
        List<Method> known = methods.stream().map(Methods::named).toList();
        for (String option : options.keySet()) {
            if (known.stream().noneMatch(method -> names(method).contains(option))) {
                throw new InputRefused(
                        "none of the methods " + String.join(", ", methods) + " has an option " + option);
            }
        }
        return known;
    }

    private static List<String> names(Method method) {
        return method.options().stream().map(Option::name).toList();
    }
}
