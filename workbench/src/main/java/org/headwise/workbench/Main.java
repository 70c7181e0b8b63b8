package org.headwise.workbench;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of the {@code headwise} command. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    /** Runs a command line; returns its exit code. */
    static int run(Terminal terminal, String... arguments) {
        Session session = new Session(terminal, new CommonOptions(), List.of(arguments));
        CommandLine line = HeadwiseCommand.commandLine(session)
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setParameterExceptionHandler((failure, args) -> usage(failure, terminal));
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, session));
        line.setExecutionStrategy(parsed -> {
            line.setColorScheme(CommandLine.Help.defaultColorScheme(session.colored() ? Ansi.ON : Ansi.OFF));
            return new CommandLine.RunLast().execute(parsed);
        });
        try {
            return line.execute(arguments);
        } catch (Error failure) {
            // picocli hands over exceptions only; running out of memory is an answer too.
            return report(failure, session);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    private static int report(Throwable failure, Session session) {
        session.terminal().out().flush();
        return Failures.report(failure, session.arguments(), session.terminal(), session.options().verbose).code;
    }

    private static int usage(ParameterException failure, Terminal terminal) {
        terminal.error("headwise: " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, terminal.err());
        if (failure.getCommandLine().getCommand() instanceof ScheduleCommand schedule) {
            schedule.flags().hint().ifPresent(terminal::error);
        }
        terminal.error("Try: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE.code;
    }
}
