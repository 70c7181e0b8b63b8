package org.headwise.workbench;

import java.util.List;
import java.util.Set;
import org.headwise.files.Json;
import org.headwise.files.Progress;
import org.headwise.tensor.Engine;

/**
 * What every command is given: the streams, the common options, and the command line for provenance.
 *
 * @param arguments the command line as typed, without the program's name
 */
record Session(Terminal terminal, CommonOptions options, List<String> arguments) {
    private static final Set<String> PASSING =
            Set.of("--force", "--json", "--quiet", "--no-progress", "-v", "--verbose");

    Session {
        arguments = List.copyOf(arguments);
    }

    /** A line of the result. */
    void print(String line) {
        terminal.out().println(TerminalText.cleanLines(line));
    }

    /** A table as the result: aligned columns, or JSON if that was asked for. */
    void print(TextTable table, JsonOption json) {
        if (json.wanted) {
            printJson(table.json());
        } else {
            table.lines().forEach(terminal.out()::println);
        }
    }

    /** A JSON document as the result. */
    void printJson(Object value) {
        terminal.out().print(Json.pretty(value));
        terminal.out().flush();
    }

    /** Tells the person at the terminal something that is no result. */
    void say(String message) {
        if (!options.quiet) {
            terminal.error(message);
        }
    }

    /** As {@link #say}, only with {@code -v}. */
    void detail(String message) {
        if (options.verbose) {
            say(message);
        }
    }

    /** The command line that goes on with this work: the same without {@code --force}. */
    String again() {
        return "headwise "
                + TerminalText.commandLine(arguments.stream()
                        .filter(argument -> !argument.equals("--force"))
                        .toList());
    }

    /**
     * The command line without what changes only how it goes and what it prints: for files that are made anew by the same
     * command, and shall be the same then.
     */
    List<String> lastingArguments() {
        return arguments.stream()
                .filter(argument -> !PASSING.contains(argument))
                .toList();
    }

    /** Threads to compute with. */
    int threads() {
        return options.threads == null ? Runtime.getRuntime().availableProcessors() : options.threads;
    }

    /** What computes, ready to use. */
    Engine engine() {
        return options.backend.engine(threads());
    }

    /** Shows how far long work is, unless that is not wanted. */
    Progress progress() {
        return options.quiet || options.noProgress ? Progress.NONE : new TerminalProgress(terminal, System::nanoTime);
    }

    /** Whether results may be coloured. */
    boolean colored() {
        return switch (options.color) {
            case always -> true;
            case never -> false;
            case auto -> terminal.outWatched() && System.getenv("NO_COLOR") == null;
        };
    }
}
