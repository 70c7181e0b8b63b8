package org.headwise.workbench;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.headwise.tensor.Engine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwise bench kernels}. */
@Command(
        name = "kernels",
        header = {
            "Time the kernels beside what bounds them.",
            "",
            "  headwise bench kernels --threads 1",
            "  headwise bench kernels --only matvec,convolution --rounds 25",
            ""
        },
        description = {
            "products     matrix products beside the BLAS that ND4J brings",
            "matvec       products of few rows beside only reading the weights, which are larger than the caches",
            "convolution  convolutions of image decoders beside the matrix product",
            "attention    attention, plain and with all statistics, beside the matrix product",
            "schedules    the last scale of a 1M image under HeatKV schedules beside the full cache"
        })
final class BenchKernelsCommand implements Callable<Integer> {
    /** Parts of the benchmark. */
    enum Part {
        products,
        matvec,
        convolution,
        attention,
        schedules
    }

    @Option(names = "--only", paramLabel = "LIST", split = ",", description = "only: ${COMPLETION-CANDIDATES}")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Mixin
    private BenchOptions options;

    private final Session session;

    BenchKernelsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<BenchRow> rows = new ArrayList<>();
        Rounds rounds = options.rounds();
        try (Engine engine = session.engine()) {
            session.say("Measuring with " + engine.describe());
            for (Part part : Part.values()) {
                if (parts.contains(part)) {
                    rows.addAll(
                            switch (part) {
                                case products -> GemmBench.run(engine, rounds);
                                case matvec -> MatvecBench.run(engine, rounds);
                                case convolution -> ConvolutionBench.run(engine, rounds);
                                case attention -> AttentionBench.run(engine, rounds);
                                case schedules -> ScheduleBench.run(engine, rounds);
                            });
                }
            }
            options.print(session, engine, rows);
        }
        return ExitCode.OK.code;
    }
}
