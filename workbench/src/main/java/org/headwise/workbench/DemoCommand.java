package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.headwise.files.Json;
import org.headwise.schedules.Budget;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.methods.Ssd;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code headwise demo}. */
@Command(
        name = "demo",
        header = {
            "The whole way on both bundled models: calibrate, measure the heads, plan, evaluate, report.",
            "",
            "  headwise demo",
            "  headwise demo --out runs/mine --force",
            ""
        },
        description = {
            "HeatKV at 50%%, 25%%, 10%% and 5%% of the cache of infinity-mini, with the first two of its seven scales",
            "protected; then SSD, H2O and a window at 50%%, 20%% and 10%% of the image tokens of janus-mini. Each step is a",
            "command of its own; the demo says which. What is done already is used again."
        })
final class DemoCommand implements Callable<Integer> {
    /** Three protected scales, as released for the large models, would alone be more than 5% of so small a cache. */
    private static final DemoRun INFINITY = new DemoRun(
            "infinity-mini",
            24,
            12,
            List.of(HeatKv.NAME),
            List.of(Budget.parse("50%"), Budget.parse("25%"), Budget.parse("10%"), Budget.parse("5%")),
            Map.of(HeatKv.PROTECT, "2"));

    private static final DemoRun JANUS = new DemoRun(
            "janus-mini",
            12,
            6,
            List.of(Ssd.NAME, "h2o", "window"),
            List.of(Budget.parse("50%"), Budget.parse("20%"), Budget.parse("10%")),
            Map.of());

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "runs/demo",
            description = "the runs go into FOLDER/infinity and FOLDER/janus (default ${DEFAULT-VALUE})")
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
        ObjectNode document = Json.object();
        boolean finished = run(INFINITY, "infinity", document) && run(JANUS, "janus", document);
        if (finished && json.wanted) {
            session.printJson(document);
        }
        return finished ? ExitCode.OK.code : ExitCode.INTERRUPTED.code;
    }

    private boolean run(DemoRun run, String folder, ObjectNode document) {
        Optional<Sweep.Outcome> outcome = run.into(out.resolve(folder), force, session);
        outcome.ifPresent(done -> {
            TextTable table = EvaluationTable.of(done.result());
            document.set(run.model(), table.json());
            if (!json.wanted) {
                session.print(run.model());
                session.print(table, json);
                session.print("");
                session.print("The report: " + done.report().toAbsolutePath().normalize());
                session.print("");
            }
        });
        return outcome.isPresent();
    }
}
