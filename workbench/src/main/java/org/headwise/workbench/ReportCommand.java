package org.headwise.workbench;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise report}. */
@Command(
        name = "report",
        header = {
            "Write one HTML file about a run: heads, stability, memory, fidelity and pictures.",
            "",
            "  headwise report runs/demo/infinity",
            "  headwise report runs/first --schedule a.json b.json --evaluation runs/two --out first.html",
            ""
        },
        description = {
            "Without --schedule and --evaluation: the schedules in RUN/schedules and the evaluation in RUN/evaluation.",
            "The file opens anywhere without a network; report-data beside it has every table as CSV."
        })
final class ReportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN", description = "folder of a finished calibration")
    private Path run;

    @Option(names = "--schedule", arity = "1..*", paramLabel = "FILE", description = "show these schedules")
    private List<Path> schedules;

    @Option(names = "--evaluation", paramLabel = "FOLDER", description = "show this evaluation")
    private Path evaluation;

    @Option(names = "--out", paramLabel = "FILE", description = "write it there (default: RUN/report.html)")
    private Path out;

    private final Session session;

    ReportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<PlannedSchedule> planned =
                PlannedSchedule.read(schedules == null ? JsonFiles.in(run.resolve("schedules")) : schedules);
        Path target = out == null ? run.resolve("report.html") : out;
        new RunReport(
                        run,
                        planned.stream()
                                .sorted(Comparator.comparingDouble(
                                        one -> -one.schedule().budget().share()))
                                .toList(),
                        evaluation == null ? run.resolve("evaluation") : evaluation,
                        List.of())
                .write(target);
        session.print(target.toString());
        return ExitCode.OK.code;
    }
}
