package org.headwise.workbench;

import java.util.concurrent.Callable;
import org.headwise.schedules.Method;
import org.headwise.schedules.Methods;
import org.headwise.schedules.Option;
import org.headwise.workbench.TextTable.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwise methods}. */
@Command(
        name = "methods",
        header = {
            "List the methods that plan schedules, with their options.",
            "",
            "  headwise methods",
            "  headwise methods --json",
            ""
        },
        description =
                "Options are given to schedule as --OPTION VALUE, and to schedule and sweep as --set OPTION=VALUE.")
final class MethodsCommand implements Callable<Integer> {
    @Mixin
    private JsonOption json;

    private final Session session;

    MethodsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TextTable table = new TextTable(
                Column.of("method", "method"),
                Column.of("option", "option"),
                Column.of("default", "default"),
                Column.of("meaning", "meaning"));
        for (Method method : Methods.all()) {
            table.row(method.name(), null, null, method.describe());
            for (Option option : method.options()) {
                table.row(method.name(), option.name(), option.standard(), option.meaning());
            }
        }
        session.print(table, json);
        return ExitCode.OK.code;
    }
}
