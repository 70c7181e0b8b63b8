package org.headwise.workbench;

import picocli.CommandLine.Option;

/** {@code --json}, of every command that prints a table. */
final class JsonOption {
    @Option(names = "--json", order = 800, description = "print the result as JSON")
    boolean wanted;
}
