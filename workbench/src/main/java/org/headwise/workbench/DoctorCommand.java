package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headwise doctor}. */
@Command(
        name = "doctor",
        header = {
            "Check that this machine has what headwise needs, or that a run is whole.",
            "",
            "  headwise doctor",
            "  headwise doctor runs/demo",
            "  headwise doctor --json",
            ""
        },
        description = "A FAIL ends with exit code 4; a note is no failure.")
final class DoctorCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "RUN", description = "check this run instead of the machine")
    private Path run;

    @Mixin
    private JsonOption json;

    private final Session session;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<Finding> findings = run == null ? Machine.findings() : RunCheck.findings(run);
        TextTable table = new TextTable(
                TextTable.Column.of("state", ""), TextTable.Column.of("subject", ""), TextTable.Column.of("text", ""));
        findings.forEach(finding -> table.row(finding.state().label, finding.subject(), finding.text()));
        session.print(table, json);
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.FAIL)
                ? ExitCode.CHECK_FAILED.code
                : ExitCode.OK.code;
    }
}
