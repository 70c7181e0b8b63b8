package org.headwise.workbench;

import org.headwise.schedules.runtime.Storage;
import picocli.CommandLine.Option;

/** How compressed caches are compared with the full one. */
final class EvaluationOptions {
    @Option(
            names = "--storage",
            paramLabel = "FORMAT",
            defaultValue = "F32",
            description =
                    "compressed caches hold keys and values as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    Storage storage = Storage.F32;

    @Option(
            names = "--images",
            paramLabel = "N",
            converter = Numbers.AtLeastZero.class,
            defaultValue = "8",
            description = "keep the pictures of the first N prompts (default ${DEFAULT-VALUE})")
    int images = 8;

    @Option(
            names = "--allow-overlap",
            description = "also measure on prompts that the calibration used; the result says so")
    boolean allowOverlap;
}
