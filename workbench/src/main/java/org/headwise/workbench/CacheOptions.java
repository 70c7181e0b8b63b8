package org.headwise.workbench;

import org.headwise.attention.FullCache;
import org.headwise.attention.KvCache;
import org.headwise.schedules.runtime.Storage;
import org.headwise.tensor.DType;
import picocli.CommandLine.Option;

/** How the full cache of a command is held. */
final class CacheOptions {
    @Option(
            names = "--kv-dtype",
            paramLabel = "FORMAT",
            defaultValue = "F32",
            description = "hold keys and values as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    ModelOptions.Format format = ModelOptions.Format.F32;

    KvCache cache() {
        return new FullCache(type());
    }

    DType type() {
        return DType.valueOf(format.name());
    }

    /** The same for a cache of either kind. */
    Storage storage() {
        return Storage.valueOf(format.name());
    }

    /** What results call a model whose cache is held so: rounded keys give other numbers. */
    String name(OpenModel opened) {
        return opened.name() + (format == ModelOptions.Format.F32 ? "" : " with a cache in " + format);
    }
}
