package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;
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
            description = "a bundled model or a model folder (default ${DEFAULT-VALUE}; see: headwise models)")
    String name;

    @Option(
            names = "--weights",
            paramLabel = "FORMAT",
            defaultValue = "F32",
            description = "hold the large matrices as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    Format weights;

    OpenModel open(Session session) {
        return OpenModel.of(session, name, DType.valueOf(weights.name()));
    }

    /** The folder that a name on the command line stands for. */
    static Path folder(String name) {
        return BundledModels.find(name).orElseGet(() -> {
            try {
                Path folder = Path.of(name);
                if (Files.isDirectory(folder)) {
                    return folder;
                }
            } catch (InvalidPathException e) {
                // Not a name of anything, so it is refused below.
            }
            List<String> names = BundledModels.names();
            throw new InputRefused(
                    "model \"" + name + "\": neither a bundled model (" + String.join(", ", names) + ") nor a folder");
        });
    }
}
