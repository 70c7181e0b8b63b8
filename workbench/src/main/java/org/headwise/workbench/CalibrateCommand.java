package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.headwise.calibrate.CalibrationRun;
import org.headwise.calibrate.RunFolder;
import org.headwise.datasets.PromptSet;
import org.headwise.files.Sha256;
import org.headwise.workbench.TextTable.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwise calibrate}. */
@Command(
        name = "calibrate",
        header = {
            "Run a model over prompts and measure what every head looks at.",
            "",
            "  headwise calibrate --prompts scenes-calibration --limit 16 --out runs/first",
            "  headwise calibrate path/to/model --prompts prompts.txt --cfg 4 --dtype BF16 --out runs/mine",
            "  headwise calibrate --prompts prompts.jsonl --observe scale-heat,sinks --out runs/heat",
            "  headwise calibrate janus-mini --prompts scenes-calibration --limit 16 --out runs/janus",
            "  headwise calibrate janus-mini --prompts scenes-calibration --map-tokens 4:4,8:12 --out runs/maps",
            ""
        },
        description = {
            "Every finished prompt is kept at once. The same command goes on with a run that was stopped, and ends",
            "with the same bytes as one that was not."
        })
final class CalibrateCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model;

    @Mixin
    private PromptOptions prompts;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private CacheOptions caches;

    @Mixin
    private StatisticOptions statistics;

    @Option(names = "--out", required = true, paramLabel = "RUN", description = "folder of the run")
    private Path out;

    @Option(names = "--force", description = "remove the run that is there and start over")
    private boolean force;

    @Mixin
    private JsonOption json;

    private final Session session;

    CalibrateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        PromptSet set = prompts.load();
        MemoryUse use =
                MemoryUse.drawing(set.prompts(), sampling.guidance).with(caches).observing(statistics);
        try (OpenModel opened = model.open(session, use)) {
            Calibration calibration = new Calibration(
                    opened, set, sampling.over(opened.model().sampling()), sampling.seed, statistics, caches);
            if (force && Files.exists(out.resolve("run.json"))) {
                RunFolder.clear(out);
            }
            CalibrationRun.Result result = calibration.into(out, session, session.again());
            if (result.end() == CalibrationRun.End.INTERRUPTED) {
                return ExitCode.INTERRUPTED.code;
            }
            TextTable table = new TextTable(
                            Column.of("run", "run"),
                            Column.of("prompts", "prompts"),
                            Column.of("reused", "from an earlier call"),
                            Column.of("profile_sha256", "sha256 of the profile"))
                    .row(
                            out.toString(),
                            result.prompts(),
                            result.reused(),
                            Sha256.of(out.resolve("profile").resolve("profile.safetensors")));
            session.print(table, json);
            return ExitCode.OK.code;
        }
    }
}
