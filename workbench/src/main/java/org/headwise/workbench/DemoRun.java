package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.headwise.analysis.HeadTable;
import org.headwise.analysis.Profile;
import org.headwise.calibrate.CalibrationRun;
import org.headwise.calibrate.RunFolder;
import org.headwise.datasets.PromptSet;
import org.headwise.model.Sampling;
import org.headwise.schedules.Budget;
import org.headwise.schedules.runtime.Storage;

/**
 * The whole way on one bundled model.
 *
 * @param calibrated prompts of the calibration
 * @param evaluated other prompts, of the evaluation
 * @param options of all methods that have them
 */
record DemoRun(
        String model,
        int calibrated,
        int evaluated,
        List<String> methods,
        List<Budget> budgets,
        Map<String, String> options) {
    private static final String CALIBRATION = "scenes-calibration";
    private static final String EVALUATION = "scenes-evaluation";
    private static final long SEED = 1;

    /** Goes it, saying which commands would do each step; nothing if it was interrupted. */
    Optional<Sweep.Outcome> into(Path out, boolean force, Session session) {
        try (OpenModel opened = OpenModel.bundled(session, model)) {
            Sampling sampling = opened.model().sampling();
            session.say("1 of 4: headwise calibrate " + model + " --prompts " + CALIBRATION + " --limit " + calibrated
                    + " --out " + out);
            if (force && Files.exists(out.resolve("run.json"))) {
                RunFolder.clear(out);
            }
            PromptSet calibration = PromptSet.load(CALIBRATION).limit(calibrated);
            CalibrationRun.Result result = new Calibration(
                            opened, calibration, sampling, SEED, new StatisticOptions(), new CacheOptions())
                    .into(out, session, session.again());
            if (result.end() == CalibrationRun.End.INTERRUPTED) {
                return Optional.empty();
            }
            session.say("2 of 4: headwise analyze " + out);
            HeadTable.of(Profile.of(RunFolder.open(out)))
                    .writeCsv(out.resolve("analysis").resolve("heads.csv"));
            session.say("3 of 4: " + sweepCommand(out));
            Sweep.Outcome outcome = new Sweep(
                            opened,
                            out,
                            out,
                            methods,
                            budgets,
                            options,
                            false,
                            PromptSet.load(EVALUATION).limit(evaluated),
                            sampling,
                            SEED,
                            Storage.F32,
                            evaluated,
                            false)
                    .perform(session, force, session.again());
            session.say("4 of 4: headwise report " + out);
            return Optional.of(outcome).filter(Sweep.Outcome::finished);
        }
    }

    private String sweepCommand(Path out) {
        return "headwise sweep " + model + " --run " + out + " --methods " + String.join(",", methods) + " --budgets "
                + budgets.stream().map(Budget::percent).collect(Collectors.joining(","))
                + options.entrySet().stream()
                        .map(option -> " --" + option.getKey() + " " + option.getValue())
                        .collect(Collectors.joining())
                + " --prompts " + EVALUATION + " --limit " + evaluated + " --out " + out;
    }
}
