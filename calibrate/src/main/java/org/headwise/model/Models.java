package org.headwise.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import tools.jackson.databind.JsonNode;

/** Opens model folders of any known family. */
public final class Models {
    private Models() {}

    /** Known families by name. */
    public static List<ModelFamily> families() {
        return ServiceLoader.load(ModelFamily.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The family that a {@code config.json} is of. */
    static Optional<ModelFamily> family(JsonNode config) {
        return families().stream().filter(family -> family.recognises(config)).findFirst();
    }

    /** Opens a model folder, as {@link ModelFamily#open}. */
    public static ImageModel open(Path folder, Engine engine, DType storage) {
        return open(ModelSource.of(folder), engine, storage);
    }

    /** Opens a model wherever its parts lie, as {@link ModelFamily#open}. */
    public static ImageModel open(ModelSource source, Engine engine, DType storage) {
        return source.family().open(source, engine, storage);
    }
}
