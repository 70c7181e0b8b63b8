package org.headwise.workbench;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command without a subcommand: version and overview. */
@Command(
        name = "headwise",
        header = {
            "Calibrate, plan and measure KV-cache compression for visual autoregressive image models.",
            "",
            "  headwise demo             # the whole way on the bundled models, in a minute",
            "  headwise doctor           # does everything work here?",
            "  headwise --version --json",
            ""
        },
        synopsisSubcommandLabel = "COMMAND")
final class HeadwiseCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common;

    @Mixin
    private JsonOption json;

    @Option(
            names = {"-V", "--version"},
            description = "print the version")
    private boolean version;

    @Spec
    private CommandSpec spec;

    private final Session session;

    HeadwiseCommand(Session session) {
        this.session = session;
        this.common = session.options();
    }

    /** The whole command line, ready to parse. */
    static CommandLine commandLine(Session session) {
        CommandLine line = new CommandLine(new HeadwiseCommand(session))
                .addSubcommand(new DemoCommand(session))
                .addSubcommand(new ModelsCommand(session))
                .addSubcommand(new MethodsCommand(session))
                .addSubcommand(new InspectCommand(session))
                .addSubcommand(new ConvertCommand(session))
                .addSubcommand(new SynthCommand(session))
                .addSubcommand(new ScenesCommand(session))
                .addSubcommand(new GenerateCommand(session))
                .addSubcommand(new CalibrateCommand(session))
                .addSubcommand(new AnalyzeCommand(session))
                .addSubcommand(new ScheduleCommand(session))
                .addSubcommand(new CompareCommand(session))
                .addSubcommand(new EvaluateCommand(session))
                .addSubcommand(new SweepCommand(session))
                .addSubcommand(new ReportCommand(session))
                .addSubcommand(new ExportCommand(session))
                .addSubcommand(new ImportCommand(session))
                .addSubcommand(new ConformCommand(session))
                .addSubcommand(new DoctorCommand(session))
                .addSubcommand(new CommandLine(new BenchCommand())
                        .addSubcommand(new BenchKernelsCommand(session))
                        .addSubcommand(new BenchModelCommand(session))
                        .addSubcommand(new BenchCalibrateCommand(session))
                        .addSubcommand(new BenchThroughputCommand(session)));
        CommandLine schedule = line.getSubcommands().get("schedule");
        schedule.<ScheduleCommand>getCommand().flags().addTo(schedule, session.arguments());
        Help.apply(line);
        return line;
    }

    @Override
    public Integer call() {
        if (!version) {
            throw new CommandLine.ParameterException(spec.commandLine(), "which command?");
        }
        if (json.wanted) {
            session.printJson(About.json());
        } else {
            About.lines().forEach(session::print);
        }
        return ExitCode.OK.code;
    }
}
