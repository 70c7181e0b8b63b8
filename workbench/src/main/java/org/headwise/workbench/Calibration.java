package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import org.headwise.analysis.Statistic;
import org.headwise.calibrate.CalibrationRun;
import org.headwise.calibrate.RunDescription;
import org.headwise.calibrate.RunSampling;
import org.headwise.datasets.PromptSet;
import org.headwise.model.Sampling;

/**
 * A calibration as commands ask for one.
 *
 * @param seed of the first prompt; the next one has the next
 * @param statistics what to observe
 * @param caches how keys and values are held
 */
record Calibration(
        OpenModel opened,
        PromptSet prompts,
        Sampling sampling,
        long seed,
        StatisticOptions statistics,
        CacheOptions caches) {
    /** Starts or goes on with the run in a folder; {@code resume} is the command line that goes on after Ctrl-C. */
    CalibrationRun.Result into(Path folder, Session session, String resume) {
        List<Statistic> observed = statistics.of(opened.model().geometry());
        RunDescription description = RunDescription.of(
                caches.name(opened),
                opened.model().geometry(),
                opened.inputs(),
                prompts,
                RunDescription.seedsFrom(seed, prompts.prompts().size()),
                RunSampling.of(sampling),
                observed,
                About.tool(),
                session.arguments());
        CalibrationRun run = new CalibrationRun(
                opened.model(), caches::cache, description, prompts.prompts(), List.copyOf(observed));
        try (Interruption interruption = new Interruption(session.terminal(), resume)) {
            return run.into(folder, session.progress(), interruption::requested);
        }
    }
}
