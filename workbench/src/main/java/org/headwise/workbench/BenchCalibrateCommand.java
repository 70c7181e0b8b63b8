package org.headwise.workbench;

import java.util.concurrent.Callable;
import org.headwise.datasets.PromptSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwise bench calibrate}. */
@Command(
        name = "calibrate",
        header = {
            "Time a calibration of all statistics beside drawing the same images without hooks.",
            "",
            "  headwise bench calibrate",
            "  headwise bench calibrate janus-mini --limit 24",
            ""
        })
final class BenchCalibrateCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            defaultValue = "12",
            description = "images, one per round (default ${DEFAULT-VALUE})")
    private int limit;

    @Mixin
    private BenchOptions options;

    private final Session session;

    BenchCalibrateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenModel opened = model.open(session)) {
            session.say("Measuring with " + opened.engine().describe());
            PromptSet prompts = PromptSet.load("scenes-calibration").limit(limit);
            options.print(session, opened.engine(), HookBench.run(opened.model(), prompts));
        }
        return ExitCode.OK.code;
    }
}
