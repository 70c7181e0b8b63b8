package org.headwise.workbench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.headwise.files.InputRefused;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.synth.SyntheticModel;
import org.headwise.synth.SyntheticModels;
import org.headwise.tensor.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise synth}. */
@Command(
        name = "synth",
        header = {
            "Write random weights in the shapes of a released model, to measure memory and time.",
            "",
            "  headwise synth infinity-2b big/infinity-2b --resolution 0.25M",
            "  headwise synth janus-pro-1b big/janus-pro-1b --dtype F16 --seed 3",
            "  headwise synth infinity-8b big/three-layers --layers 3",
            ""
        },
        description = {
            "The folder works like that of a real model; its pictures are noise, and its files say that they are",
            "synthetic. The same name, type and seed give the same bytes. Known: infinity-125m, infinity-2b,",
            "infinity-8b, janus-pro-1b, janus-pro-7b, and the parts flan-t5-xl (encoder), infinity-vae-d16,",
            "infinity-vae-d32, infinity-vae-d56-patchify, vq-16. Tokenizers are those of the bundled models; the tower",
            "of Janus-Pro that understands images is left out."
        })
final class SynthCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME", description = "a released model or part")
    private String name;

    @Parameters(index = "1", paramLabel = "OUT", description = "a new or empty folder")
    private Path out;

    @Option(
            names = "--dtype",
            paramLabel = "FORMAT",
            defaultValue = "BF16",
            description = "write numbers as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private ModelOptions.Format dtype;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of the weights (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--layers",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            description = "only the first N layers of transformer and text encoder")
    private Integer layers;

    @Option(
            names = "--resolution",
            paramLabel = "PN",
            description = "pixels of an Infinity model: 0.06M, 0.25M, 0.60M or 1M (default: the release's)")
    private String resolution;

    private final Session session;

    SynthCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (resolution != null && !name.startsWith("infinity-")) {
            throw new InputRefused("--resolution is for Infinity models, not for " + name);
        }
        if (resolution != null) {
            InfinityGeometries.schedule(resolution, 1);
        }
        SyntheticModel model = SyntheticModels.get(name, layers == null ? 0 : layers, resolution);
        DType type = DType.valueOf(dtype.name());
        model.write(out, type, seed, session.progress());
        session.say(String.format(
                Locale.ROOT, "%d synthetic tensors of %,d bytes are in %s", model.tensors(), model.bytes(type), out));
        return ExitCode.OK.code;
    }
}
