package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.memory.MachineMemory;
import org.headwise.memory.WeightHolding;
import org.headwise.model.KnownModels;
import org.headwise.tensor.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise doctor}. */
@Command(
        name = "doctor",
        header = {
            "Check that this machine has what headwise needs, that a model fits into it, or that a run is whole.",
            "",
            "  headwise doctor",
            "  headwise doctor infinity-2b@0.25M --dtype BF16",
            "  headwise doctor runs/demo/infinity",
            "  headwise doctor --json",
            ""
        },
        description = {
            "A FAIL, or a model that does not fit, ends with exit code 4; a note is no failure. Of a model only the headers",
            "of its files are read; for Infinity and Janus not even those need to be here."
        })
final class DoctorCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL|RUN",
            description = "look at this model or run instead of the machine")
    private String target;

    @Mixin
    private ModelPlaces places;

    @Option(
            names = "--dtype",
            paramLabel = "FORMAT",
            defaultValue = "F32",
            description = "of a model: hold the large matrices as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE});"
                    + " FILE leaves them in the file")
    private ModelOptions.Holding weights;

    @Option(
            names = "--kv-dtype",
            paramLabel = "FORMAT",
            defaultValue = "F32",
            description = "of a model: hold keys and values as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private ModelOptions.Format cache;

    @Option(
            names = "--batch",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            defaultValue = "1",
            description = "of a model: images drawn at once (default ${DEFAULT-VALUE}, as all commands do)")
    private int images;

    @Option(names = "--cfg", paramLabel = "X", converter = Numbers.Finite.class, description = "of a model: guidance")
    private Float guidance;

    @Option(
            names = "--text-tokens",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            defaultValue = "128",
            description = "of a model: tokens of the longest prompt (default ${DEFAULT-VALUE})")
    private int textTokens;

    @Mixin
    private JsonOption json;

    private final Session session;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (target != null && isModel()) {
            return model();
        }
        List<Finding> findings = target == null ? Machine.findings() : RunCheck.findings(Path.of(target));
        TextTable table = new TextTable(
                TextTable.Column.of("state", ""), TextTable.Column.of("subject", ""), TextTable.Column.of("text", ""));
        findings.forEach(finding -> table.row(finding.state().label, finding.subject(), finding.text()));
        session.print(table, json);
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.FAIL)
                ? ExitCode.CHECK_FAILED.code
                : ExitCode.OK.code;
    }

    /** A folder is a run if it says so, or if it has none of what makes a model. */
    private boolean isModel() {
        if (BundledModels.find(target).isPresent() || KnownModels.find(target).isPresent()) {
            return true;
        }
        try {
            Path folder = Path.of(target);
            return !Files.exists(folder.resolve("run.json"))
                    && (Files.exists(folder.resolve("config.json"))
                            || Files.isDirectory(folder)
                                    && KnownModels.recognise(folder).isPresent());
        } catch (InvalidPathException e) {
            return true;
        }
    }

    private int model() {
        WeightHolding holding = MemoryCheck.holding(session, weights.type())
                .orElseThrow(() -> new InputRefused("the memory of models by --backend " + session.options().backend
                        + " with --dtype " + weights + " is not known"));
        ModelNeed need = ModelNeed.of(
                target,
                places,
                new ModelNeed.Settings(
                        images,
                        guidance == null || guidance != 1,
                        holding,
                        DType.valueOf(cache.name()),
                        DType.F32,
                        textTokens,
                        session.threads()));
        MachineMemory machine = MachineMemory.now();
        List<String> obstacles = machine.obstacles(need.plan(true));
        if (json.wanted) {
            session.printJson(need.json(machine));
        } else {
            session.print(need.title());
            session.print("");
            session.print(need.table(), json);
            session.print("");
            session.print("here: " + MachineMemory.show(machine.available()) + " available (" + machine.by()
                    + "), of which the Java heap may take " + MachineMemory.show(machine.heap())
                    + " and small matrices and pages outside it " + MachineMemory.show(machine.direct()));
            if (holding.inFiles()) {
                session.print(need.reading(machine));
            }
            session.print(obstacles.isEmpty() ? "fits" : "does not fit: " + String.join("; ", obstacles));
            if (!obstacles.isEmpty()) {
                need.changes(machine).forEach(change -> session.print("  with " + change));
            }
        }
        return obstacles.isEmpty() ? ExitCode.OK.code : ExitCode.CHECK_FAILED.code;
    }
}
