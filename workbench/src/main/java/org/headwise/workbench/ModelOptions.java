package org.headwise.workbench;

import org.headwise.tensor.DType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model of a command, and how its weights are held. */
final class ModelOptions {
    /** Number formats that weights can be held in. */
    enum Format {
        F32,
        BF16,
        F16
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            defaultValue = "infinity-mini",
            description =
                    "a bundled or released model or a model folder (default ${DEFAULT-VALUE}; see: headwise models)")
    String name;

    @Mixin
    private ModelPlaces places;

    @Option(
            names = "--dtype",
            paramLabel = "FORMAT",
            defaultValue = "F32",
            description = "hold the large matrices as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    Format weights;

    OpenModel open(Session session) {
        return OpenModel.of(session, name, places.source(name), DType.valueOf(weights.name()));
    }
}
