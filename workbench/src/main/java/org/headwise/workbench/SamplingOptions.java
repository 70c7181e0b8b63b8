package org.headwise.workbench;

import org.headwise.model.Sampling;
import picocli.CommandLine.Option;

/** How images are drawn; what is not given is what the model's configuration recommends. */
final class SamplingOptions {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of the first image; the next one has the next (default ${DEFAULT-VALUE})")
    long seed;

    @Option(
            names = "--cfg",
            converter = Numbers.Finite.class,
            paramLabel = "X",
            description = "classifier-free guidance; 1 is none (default: the model's)")
    Float guidance;

    @Option(
            names = "--tau",
            converter = Numbers.Positive.class,
            paramLabel = "X",
            description = "temperature (default: the model's)")
    Float temperature;

    @Option(
            names = "--top-k",
            converter = Numbers.AtLeastZero.class,
            paramLabel = "N",
            description = "keep the N likeliest values; 1 is greedy, 0 keeps all (default: the model's)")
    Integer topK;

    @Option(
            names = "--top-p",
            converter = Numbers.Share.class,
            paramLabel = "P",
            description = "keep the likeliest values of this probability; 0 and 1 keep all (default: the model's)")
    Float topP;

    /** The model's sampling with what was given on the command line put over it. */
    Sampling over(Sampling model) {
        return new Sampling(
                guidance == null ? model.guidance() : guidance,
                temperature == null ? model.temperature() : temperature,
                topK == null ? model.topK() : topK,
                topP == null ? model.topP() : topP);
    }
}
