package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.analysis.Profile;
import org.headwise.calibrate.JournalRecord;
import org.headwise.calibrate.RunFolder;
import org.headwise.datasets.PromptOverlap;
import org.headwise.files.Provenance;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.AllocatedMatch;

/**
 * Schedules from a calibration, each with provenance that names the profile, the prompts behind it and every option.
 *
 * @param folder of the calibration
 * @param sums its profile as a file, for provenance
 * @param prompts digests of the prompts that it used
 */
record Planning(Session session, RunFolder folder, Profile profile, Provenance.Input sums, List<String> prompts) {
    /** From a finished run. */
    static Planning from(Session session, Path run) {
        RunFolder folder = RunFolder.open(run);
        return new Planning(
                session,
                folder,
                Profile.of(folder),
                InputFiles.file(run.resolve("profile").resolve("profile.safetensors")),
                folder.records().stream()
                        .map(JournalRecord::prompt)
                        .map(PromptOverlap::digest)
                        .toList());
    }

    /** A schedule for a budget. */
    Schedule plan(Method method, Budget budget, Map<String, String> options) {
        return method.plan(profile, budget, options, provenance(method, budget, options, Map.of(), List.of(sums)));
    }

    /**
     * A schedule for the bytes that another one allocates at most.
     *
     * @param place the file of the other
     */
    AllocatedMatch match(Method method, Map<String, String> options, Schedule other, Path place) {
        Provenance none = provenance(method, other.budget(), options, Map.of(), List.of());
        AllocatedMatch found = AllocatedMatch.of(other, budget -> method.plan(profile, budget, options, none));
        Provenance provenance = provenance(
                method, found.budget(), options, Map.of("match", "allocated"), List.of(sums, InputFiles.file(place)));
        return found.with(method.plan(profile, found.budget(), options, provenance));
    }

    private Provenance provenance(
            Method method,
            Budget budget,
            Map<String, String> options,
            Map<String, String> more,
            List<Provenance.Input> inputs) {
        SortedMap<String, String> settings = new TreeMap<>(method.resolve(options));
        settings.put("method", method.name());
        settings.put("budget", budget.percent());
        settings.putAll(more);
        return new Provenance(
                About.tool(),
                session.lastingArguments(),
                settings,
                inputs,
                Map.of("prompts", (long) profile.prompts()),
                prompts);
    }
}
