package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.headwise.analysis.HeadTable;
import org.headwise.analysis.Profile;
import org.headwise.calibrate.CalibrationRun;
import org.headwise.calibrate.RunFolder;
import org.headwise.datasets.PromptSet;
import org.headwise.model.Sampling;
import org.headwise.schedules.Budget;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.runtime.Storage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwise demo}. */
@Command(
        name = "demo",
        header = {
            "The whole way on a bundled model: calibrate, measure the heads, plan, evaluate, report.",
            "",
            "  headwise demo",
            "  headwise demo --out runs/mine --force",
            ""
        },
        description = {
            "HeatKV at 50%%, 25%%, 10%% and 5%% of the cache of infinity-mini, with the first two of its seven scales",
            "protected. Each step is a command of its own; the demo says which. What is done already is used again."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String MODEL = "infinity-mini";
    private static final int CALIBRATED = 24;
    private static final int EVALUATED = 12;
    private static final long SEED = 1;
    private static final List<Budget> BUDGETS =
            List.of(Budget.parse("50%"), Budget.parse("25%"), Budget.parse("10%"), Budget.parse("5%"));

    /** Three scales, as released for the large models, would alone be more than 5% of so small a cache. */
    private static final String PROTECTED = "2";

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "runs/demo",
            description = "folder of the run (default ${DEFAULT-VALUE})")
    private Path out;

    @Option(names = "--force", description = "start over instead of using what is there")
    private boolean force;

    @Mixin
    private JsonOption json;

    private final Session session;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenModel opened = OpenModel.bundled(session, MODEL)) {
            Sampling sampling = opened.model().sampling();
            session.say("1 of 4: headwise calibrate " + MODEL + " --prompts scenes-calibration --limit " + CALIBRATED
                    + " --out " + out);
            if (force && Files.exists(out.resolve("run.json"))) {
                RunFolder.clear(out);
            }
            PromptSet calibration = PromptSet.load("scenes-calibration").limit(CALIBRATED);
            CalibrationRun.Result calibrated = new Calibration(
                            opened, calibration, sampling, SEED, List.of(), new CacheOptions())
                    .into(out, session, session.again());
            if (calibrated.end() == CalibrationRun.End.INTERRUPTED) {
                return ExitCode.INTERRUPTED.code;
            }
            session.say("2 of 4: headwise analyze " + out);
            HeadTable.of(Profile.of(RunFolder.open(out)))
                    .writeCsv(out.resolve("analysis").resolve("heads.csv"));
            session.say("3 of 4: headwise sweep " + MODEL + " --run " + out + " --budgets 50%,25%,10%,5% --protect "
                    + PROTECTED + " --prompts scenes-evaluation --limit " + EVALUATED + " --out " + out);
            Sweep.Outcome outcome = new Sweep(
                            opened,
                            out,
                            out,
                            List.of(HeatKv.NAME),
                            BUDGETS,
                            Map.of(HeatKv.PROTECT, PROTECTED),
                            false,
                            PromptSet.load("scenes-evaluation").limit(EVALUATED),
                            sampling,
                            SEED,
                            Storage.F32,
                            EVALUATED,
                            false)
                    .perform(session, force, session.again());
            if (!outcome.finished()) {
                return ExitCode.INTERRUPTED.code;
            }
            session.say("4 of 4: headwise report " + out);
            session.print(EvaluationTable.of(outcome.result()), json);
            if (!json.wanted) {
                session.print("");
                session.print("The report: " + outcome.report().toAbsolutePath().normalize());
            }
            return ExitCode.OK.code;
        }
    }
}
