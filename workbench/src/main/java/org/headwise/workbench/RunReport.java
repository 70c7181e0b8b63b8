package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.headwise.analysis.Profile;
import org.headwise.analysis.PromptProfiles;
import org.headwise.calibrate.RunFolder;
import org.headwise.reports.HtmlReport;
import org.headwise.reports.ReportSources;
import org.headwise.reports.Reports;
import org.headwise.reports.StabilityReading;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.evaluate.Evaluation;
import org.headwise.schedules.evaluate.EvaluationFile;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.runtime.Storage;

/**
 * The report of a run: its profile with, where they are there, schedules and an evaluation.
 *
 * @param evaluation folder of an evaluation, or null
 * @param notes warnings and limits to be said in the report
 */
record RunReport(Path run, List<PlannedSchedule> schedules, Path evaluation, List<String> notes) {
    private static final Budget USUAL = Budget.parse("10%");

    /** Writes the page and the folder of its data beside it. */
    void write(Path target) {
        RunFolder folder = RunFolder.open(run);
        PromptProfiles prompts = PromptProfiles.of(folder);
        Profile profile = prompts.whole();
        Optional<EvaluationResult> result = Optional.ofNullable(evaluation)
                .map(place -> place.resolve(Evaluation.FILE))
                .filter(Files::isRegularFile)
                .map(EvaluationFile::read);
        int rows = folder.description().sampling().guidance().stream().allMatch(g -> g == 1) ? 1 : 2;
        int bytes = result.map(r -> r.provenance().settings().get("storage"))
                .map(Storage::valueOf)
                .orElse(Storage.F32)
                .bytes();
        String model = folder.description().model();
        HtmlReport.write(
                Reports.of(new ReportSources(
                        "KV cache of " + model,
                        model,
                        folder.geometry(),
                        Optional.of(profile),
                        schedules.stream()
                                .map(planned ->
                                        new ReportSources.Planned(planned.name(), planned.schedule(), rows, bytes))
                                .toList(),
                        result.map(found -> new ReportSources.Evaluated(found, evaluation)),
                        stability(prompts),
                        notes)),
                target);
    }

    private Optional<StabilityReading> stability(PromptProfiles prompts) {
        Optional<Schedule> tightest = schedules.stream()
                .map(PlannedSchedule::schedule)
                .filter(schedule -> schedule.method().equals(HeatKv.NAME))
                .min(Comparator.comparingDouble(schedule -> schedule.budget().share()));
        int protect = tightest.map(
                        schedule -> Integer.parseInt(schedule.parameters().get(HeatKv.PROTECT)))
                .orElse(HeatKv.RELEASED_PROTECT);
        return Steadiness.of(prompts, protect, tightest.map(Schedule::budget).orElse(USUAL));
    }
}
