package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.headwise.datasets.PromptSet;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.runtime.KvHolding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwise evaluate}. */
@Command(
        name = "evaluate",
        header = {
            "Measure what schedules cost: the same images with the full and with compressed caches.",
            "",
            "  headwise evaluate --schedule ten.json --prompts scenes-evaluation --limit 8 --out runs/ten",
            "  headwise evaluate my/model --schedule a.json b.json --prompts p.txt --storage BF16 --out runs/two",
            ""
        },
        description = {
            "Per schedule: PSNR, SSIM and share of equal bits of images of the same seeds; the divergence of the logits",
            "when both caches are fed the same bits; the share of what a scene's caption says that the image shows; the",
            "most KV bytes allocated at any moment; times. Prompts that a schedule was calibrated on are refused. The",
            "folder gets evaluation.json and pictures; the same command goes on with an evaluation that was stopped."
        })
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model;

    @Option(
            names = "--schedule",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "one or more schedule.json")
    private List<Path> schedules;

    @Mixin
    private PromptOptions prompts;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private EvaluationOptions options;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "folder of the evaluation")
    private Path out;

    @Option(names = "--force", description = "remove the evaluation that is there and start over")
    private boolean force;

    @Mixin
    private JsonOption json;

    private final Session session;

    EvaluateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<PlannedSchedule> planned = PlannedSchedule.read(schedules);
        PromptSet set = prompts.load();
        MemoryUse use = MemoryUse.drawing(set.prompts(), sampling.guidance);
        int rows = use.guided() ? 2 : 1;
        use = use.comparing(geometry -> planned.stream()
                .mapToLong(one ->
                        new KvHolding(one.schedule(), options.storage).bytes(geometry, geometry.promptTokens(), rows))
                .max()
                .orElse(0));
        try (OpenModel opened = model.open(session, use)) {
            Comparison comparison = new Comparison(
                    opened,
                    set,
                    sampling.over(opened.model().sampling()),
                    sampling.seed,
                    planned,
                    options.storage,
                    options.images,
                    options.allowOverlap);
            if (force) {
                Comparison.clear(out);
            }
            EvaluationResult result = comparison.into(out, session, session.again());
            if (!comparison.finished(result)) {
                return ExitCode.INTERRUPTED.code;
            }
            session.print(EvaluationTable.of(result), json);
            EvaluationTable.remark(result).ifPresent(session::say);
            session.say("The result and pictures are in " + out);
            return ExitCode.OK.code;
        }
    }
}
