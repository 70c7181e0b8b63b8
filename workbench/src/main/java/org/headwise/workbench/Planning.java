package org.headwise.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.analysis.Profile;
import org.headwise.files.Provenance;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Schedule;

/** Schedules from a profile, each with provenance that names the profile and every option. */
final class Planning {
    private Planning() {}

    /**
     * Plans one schedule.
     *
     * @param run folder of the calibration that gave the profile
     */
    static Schedule plan(
            Session session, Path run, Profile profile, Method method, Budget budget, Map<String, String> options) {
        SortedMap<String, String> settings = new TreeMap<>(method.resolve(options));
        settings.put("method", method.name());
        settings.put("budget", budget.percent());
        Path sums = run.resolve("profile").resolve("profile.safetensors");
        List<Provenance.Input> inputs = new ArrayList<>(List.of(InputFiles.file(sums)));
        Provenance provenance = new Provenance(
                About.tool(), session.arguments(), settings, inputs, Map.of("prompts", (long) profile.prompts()));
        return method.plan(profile, budget, options, provenance);
    }
}
