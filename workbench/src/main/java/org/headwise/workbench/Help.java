package org.headwise.workbench;

import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The form that the help of every command has: examples first, exit codes last. */
final class Help {
    private Help() {}

    /** Applies the form to a command and all its subcommands. */
    static void apply(CommandLine line) {
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.width(110);
        usage.autoWidth(false);
        usage.sortOptions(false);
        usage.descriptionHeading(usage.description().length == 0 ? "" : "%n");
        usage.parameterListHeading(line.getCommandSpec().positionalParameters().isEmpty() ? "" : "%n");
        usage.optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nCommands:%n");
        usage.exitCodeListHeading("%nExit codes:%n");
        usage.exitCodeList(ExitCode.list());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.getSubcommands().values().forEach(Help::apply);
    }
}
