package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.headwise.datasets.PromptSet;
import org.headwise.memory.MemoryPlan;
import org.headwise.schedules.Budget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwise sweep}. */
@Command(
        name = "sweep",
        header = {
            "Plan and evaluate methods at several budgets, and draw fidelity against memory.",
            "",
            "  headwise sweep --run runs/first --prompts scenes-evaluation --limit 8 --out runs/sweep",
            "  headwise sweep my/model --run runs/mine --budgets 50%%,10%% --prompts prompts.txt --out runs/mine",
            "  headwise sweep --run runs/a --methods heatkv,uniform --match allocated --prompts p.txt --out runs/fair",
            ""
        },
        description = {
            "The folder gets schedules/, evaluation/ and report.html. A budget that a method cannot meet is left out,",
            "and said. The report tests every two methods against each other on the same prompts and draws the Pareto",
            "front. Prompts of the calibration are refused. The same command goes on with a sweep that was stopped."
        })
final class SweepCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model;

    @Option(names = "--run", required = true, paramLabel = "RUN", description = "folder of a finished calibration")
    private Path run;

    @Option(
            names = "--methods",
            paramLabel = "LIST",
            split = ",",
            defaultValue = "heatkv",
            description = "methods, with options where wanted (default ${DEFAULT-VALUE}; see: headwise methods)")
    private List<String> methods;

    @Option(
            names = "--budgets",
            paramLabel = "LIST",
            split = ",",
            converter = BudgetText.class,
            defaultValue = "50%,25%,10%,5%",
            description = "budgets (default 50%%,25%%,10%%,5%%)")
    private List<Budget> budgets;

    @Option(
            names = "--match",
            paramLabel = "WHAT",
            description = "allocated: plan the first method for each budget, and the others for the bytes that it then"
                    + " allocates at most")
    private Matched match;

    @Mixin
    private MethodOptions methodOptions;

    @Mixin
    private PromptOptions prompts;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private EvaluationOptions options;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "folder of the sweep; RUN itself is fine")
    private Path out;

    @Option(names = "--force", description = "remove the evaluation that is there and start over")
    private boolean force;

    @Mixin
    private JsonOption json;

    private final Session session;

    SweepCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        PromptSet set = prompts.load();
        MemoryUse use = MemoryUse.drawing(set.prompts(), sampling.guidance);
        int rows = use.guided() ? 2 : 1;
        double most = budgets.stream().mapToDouble(Budget::share).max().orElse(1);
        int bytes = options.storage.bytes();
        use = use.comparing(geometry -> MemoryPlan.budgetedCache(geometry, rows, bytes, most));
        try (OpenModel opened = model.open(session, use)) {
            Sweep sweep = new Sweep(
                    opened,
                    run,
                    out,
                    methods,
                    budgets,
                    methodOptions.given(),
                    match != null,
                    set,
                    sampling.over(opened.model().sampling()),
                    sampling.seed,
                    options.storage,
                    options.images,
                    options.allowOverlap);
            Sweep.Outcome outcome = sweep.perform(session, force, session.again());
            if (!outcome.finished()) {
                return ExitCode.INTERRUPTED.code;
            }
            session.print(EvaluationTable.of(outcome.result()), json);
            EvaluationTable.remark(outcome.result()).ifPresent(session::say);
            session.say("The report is " + outcome.report());
            return ExitCode.OK.code;
        }
    }
}
