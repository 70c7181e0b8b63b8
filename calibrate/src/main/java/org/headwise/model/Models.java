package org.headwise.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
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

    /** Opens a model folder, as {@link ModelFamily#open}. */
    public static ImageModel open(Path folder, Engine engine, DType storage) {
        Path config = folder.resolve("config.json");
        if (!Files.isDirectory(folder)) {
            throw InputRefused.in(folder, "there is no such model folder");
        }
        JsonNode json = Json.read(config);
        List<ModelFamily> families = families();
        return families.stream()
                .filter(family -> family.recognises(json))
                .findFirst()
                .orElseThrow(() -> InputRefused.in(
                        config,
                        "the family is \"" + json.path("family").asString("")
                                + "\" and the form is of none that is known, expected one of "
                                + families.stream().map(ModelFamily::name).toList()))
                .open(folder, engine, storage);
    }
}
