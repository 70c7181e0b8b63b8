package org.headwise.workbench;

import picocli.CommandLine.Command;

/** {@code headwise bench}. */
@Command(
        name = "bench",
        header = {
            "Time what matters here: kernels, drawing images, watching attention.",
            "",
            "  headwise bench kernels --threads 1",
            "  headwise bench kernels --only attention --json",
            "  headwise bench model janus-mini",
            "  headwise bench calibrate --limit 16",
            ""
        },
        description = {
            "Medians after a warm-up, and the quartiles of the ratio. What is compared takes turns, so that other",
            "work on the machine disturbs both: read the ratios."
        })
final class BenchCommand {}
