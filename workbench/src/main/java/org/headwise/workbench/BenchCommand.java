package org.headwise.workbench;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.headwise.datasets.PromptSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwise bench}. */
@Command(
        name = "bench",
        header = {
            "Time what matters here: watching attention, matrix products, attention under schedules.",
            "",
            "  headwise bench",
            "  headwise bench --only hooks --limit 16",
            "  headwise bench --only products,attention --threads 1 --json",
            ""
        },
        description = {
            "hooks      a calibration of all statistics against drawing the same images without hooks",
            "products   matrix products beside the BLAS that ND4J brings",
            "attention  the last scale of a 1M image with the full cache and under HeatKV schedules",
            "Medians after a warm-up. Other work on the machine disturbs them: read the ratios."
        })
final class BenchCommand implements Callable<Integer> {
    /** Parts of the benchmark. */
    enum Part {
        hooks,
        products,
        attention
    }

    @Mixin
    private ModelOptions model;

    @Option(names = "--only", paramLabel = "LIST", split = ",", description = "only: ${COMPLETION-CANDIDATES}")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            defaultValue = "7",
            description = "rounds of a measurement (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            defaultValue = "12",
            description = "images of the hooks part (default ${DEFAULT-VALUE})")
    private int limit;

    @Mixin
    private JsonOption json;

    private final Session session;

    BenchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<BenchRow> rows = new ArrayList<>();
        try (OpenModel opened = model.open(session)) {
            session.say("Measuring with " + opened.engine().describe());
            if (parts.contains(Part.hooks)) {
                rows.addAll(HookBench.run(
                        opened.model(), PromptSet.load("scenes-calibration").limit(limit)));
            }
            if (parts.contains(Part.products)) {
                rows.addAll(GemmBench.run(opened.engine(), rounds));
            }
            if (parts.contains(Part.attention)) {
                rows.addAll(AttentionBench.run(opened.engine(), rounds));
            }
        }
        session.print(BenchRow.table(rows), json);
        return ExitCode.OK.code;
    }
}
