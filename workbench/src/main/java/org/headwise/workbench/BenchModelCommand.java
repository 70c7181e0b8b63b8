package org.headwise.workbench;

import java.util.concurrent.Callable;
import org.headwise.datasets.PromptSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwise bench model}. */
@Command(
        name = "model",
        header = {
            "Time drawing an image: as a whole, its attention, its decoding, and tokens per second.",
            "",
            "  headwise bench model",
            "  headwise bench model janus-mini --dtype BF16 --json",
            ""
        })
final class BenchModelCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model;

    @Mixin
    private BenchOptions options;

    private final Session session;

    BenchModelCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (OpenModel opened = model.open(session)) {
            session.say("Measuring with " + opened.engine().describe());
            String prompt = PromptSet.load("scenes-calibration").prompts().getFirst();
            options.print(session, opened.engine(), ModelBench.run(opened.model(), prompt, options.rounds()));
        }
        return ExitCode.OK.code;
    }
}
