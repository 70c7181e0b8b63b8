package org.headwise.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.headwise.datasets.PromptSet;
import org.headwise.model.GeometryJson;
import org.headwise.model.Sampling;
import org.headwise.schedules.Budget;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.runtime.Storage;

/**
 * Methods times budgets: plans from a run, evaluates all, and writes the report.
 *
 * @param run folder of the calibration
 * @param out receives {@code schedules/}, {@code evaluation/} and {@code report.html}
 * @param methods names, with options of their own where wanted
 * @param options of all methods that have them
 * @param matched whether all methods shall allocate what the first one does at each budget
 * @param allowOverlap whether prompts may be those of the calibration
 */
record Sweep(
        OpenModel opened,
        Path run,
        Path out,
        List<String> methods,
        List<Budget> budgets,
        Map<String, String> options,
        boolean matched,
        PromptSet prompts,
        Sampling sampling,
        long seed,
        Storage storage,
        int images,
        boolean allowOverlap) {
    /**
     * What came of it.
     *
     * @param finished false if it was stopped before its end; there is no report then
     */
    record Outcome(EvaluationResult result, boolean finished, Path report) {}

    Outcome perform(Session session, boolean force, String resume) {
        Planning planning = Planning.from(session, run);
        GeometryJson.requireSame(opened.model().geometry(), planning.profile().geometry(), run.toString());
        List<String> notes = new ArrayList<>();
        List<PlannedSchedule> planned = new SweepPlan(
                        planning,
                        out.resolve("schedules"),
                        methods.stream().map(MethodChoice::parse).toList(),
                        budgets,
                        options,
                        matched)
                .write(notes);
        notes.forEach(note -> session.say("note: " + note));
        Comparison comparison = new Comparison(opened, prompts, sampling, seed, planned, storage, images, allowOverlap);
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
}
