package org.headwise.workbench;

import org.headwise.datasets.PromptSet;
import picocli.CommandLine.Option;

/** Prompts from a bundled set or a file. */
final class PromptOptions {
    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "SET|FILE",
            description = "a bundled set (scenes-calibration, scenes-evaluation, everyday) or a .txt or .jsonl file")
    String source;

    @Option(
            names = "--limit",
            converter = Numbers.AtLeastOne.class,
            paramLabel = "N",
            description = "only the first N prompts")
    Integer limit;

    PromptSet load() {
        return PromptSet.load(source).limit(limit == null ? 0 : limit);
    }
}
