package org.headwise.workbench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwise doctor}. */
@Command(
        name = "doctor",
        header = {
            "Check that this machine has what headwise needs.",
            "",
            "  headwise doctor",
            "  headwise doctor --json",
            ""
        },
        description = "A FAIL ends with exit code 4; a note is no failure.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private JsonOption json;

    private final Session session;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<Finding> findings = Machine.findings();
        TextTable table = new TextTable(
                TextTable.Column.of("state", ""), TextTable.Column.of("subject", ""), TextTable.Column.of("text", ""));
        findings.forEach(finding -> table.row(finding.state().label, finding.subject(), finding.text()));
        session.print(table, json);
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.FAIL)
                ? ExitCode.CHECK_FAILED.code
                : ExitCode.OK.code;
    }
}
