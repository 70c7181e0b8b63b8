package org.headwise.workbench;

import org.headwise.model.ModelSource;
import org.headwise.tensor.DType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model of a command, and how its weights are held. */
final class ModelOptions {
    /** Number formats of weights. */
    enum Format {
        F32,
        BF16,
        F16
    }

    /** How weights can be held: in one of the formats, or as they lie in their file. */
    enum Holding {
        F32,
        BF16,
        F16,
        FILE;

        /** The number format in memory, or null if weights stay in their files. */
        DType type() {
            return this == FILE ? null : DType.valueOf(name());
        }
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
            description = "hold the large matrices as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}); FILE leaves"
                    + " them in the file, for models larger than memory: slow, and exactly what the file says")
    Holding weights;

    @Option(names = "--ignore-memory", description = "run even if memory does not suffice by plan; a note says so")
    private boolean ignoreMemory;

    /** Opens the model after looking whether what is to be done fits into memory. */
    OpenModel open(Session session, MemoryUse use) {
        ModelSource source = places.source(name);
        MemoryCheck.require(session, name, source, weights.type(), use, ignoreMemory);
        return OpenModel.of(session, name, source, weights.type());
    }

    OpenModel open(Session session) {
        return OpenModel.of(session, name, places.source(name), weights.type());
    }
}
