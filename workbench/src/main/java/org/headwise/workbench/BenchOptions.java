package org.headwise.workbench;

import java.util.List;
import org.headwise.tensor.Engine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** How the benchmarks measure and print. */
final class BenchOptions {
    @Option(
            names = "--rounds",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            defaultValue = "7",
            description = "rounds of a measurement (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "0.5",
            description = "work before it counts until batches of so many seconds get no faster"
                    + " (default ${DEFAULT-VALUE})")
    private double warmUp;

    @Mixin
    private JsonOption json;

    Rounds rounds() {
        return new Rounds(rounds, warmUp);
    }

    /** Prints the rows, as JSON with what they were measured on. */
    void print(Session session, Engine engine, List<BenchRow> rows) {
        TextTable table = BenchRow.table(rows);
        if (!json.wanted) {
            session.print(table, json);
            return;
        }
        ObjectNode document = About.json()
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("threads", engine.workers().threads())
                .put("engine", engine.describe())
                .put("rounds", rounds)
                .put("spread", "low and high are the quartiles of the ratio over the rounds");
        document.set("rows", table.json());
        session.printJson(document);
    }
}
