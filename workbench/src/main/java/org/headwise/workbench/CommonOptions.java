package org.headwise.workbench;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command has, before or after its name. */
final class CommonOptions {
    /** When to colour: {@code auto} means on a terminal, and not if NO_COLOR is set. */
    enum Color {
        auto,
        always,
        never
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 900,
            description = "print this help")
    boolean help;

    @Option(
            names = "--quiet",
            scope = ScopeType.INHERIT,
            order = 901,
            description = "only results and errors: no messages, no progress")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            order = 902,
            description = "say more; print the stack trace of an error")
    boolean verbose;

    @Option(names = "--no-progress", scope = ScopeType.INHERIT, order = 903, description = "no progress on stderr")
    boolean noProgress;

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            order = 904,
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "colour: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}; NO_COLOR is respected)")
    Color color = Color.auto;

    @Option(
            names = "--threads",
            scope = ScopeType.INHERIT,
            order = 905,
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            description = "threads to compute with; the result is the same for any number (default: all processors)")
    Integer threads;

    @Option(
            names = "--backend",
            scope = ScopeType.INHERIT,
            order = 906,
            paramLabel = "NAME",
            defaultValue = "vector",
            description = "what computes: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    Backend backend = Backend.vector;
}
