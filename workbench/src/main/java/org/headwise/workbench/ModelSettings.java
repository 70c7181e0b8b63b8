package org.headwise.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.headwise.files.InputRefused;
import org.headwise.model.KnownModels;
import org.headwise.model.ModelPart;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * The file that says where the released models lie: {@code infinity-2b = "FOLDER"}, or a table {@code [infinity-2b]} with
 * {@code folder} and the parts that lie elsewhere. Paths begin at the folder of the file, or at home with {@code ~/}.
 *
 * @param models places by name of the model
 */
record ModelSettings(Path file, Map<String, ModelPlace> models) {
    private static final String FOLDER = "folder";

    /** {@code headwise/models.toml} in XDG_CONFIG_HOME, or in {@code ~/.config}. */
    static Path defaultFile() {
        String configured = System.getenv("XDG_CONFIG_HOME");
        Path folder = configured == null
                        || configured.isBlank()
                        || !Path.of(configured).isAbsolute()
                ? home().resolve(".config")
                : Path.of(configured);
        return folder.resolve("headwise").resolve("models.toml");
    }

    /** Reads the file; one that is not there says nothing. */
    static ModelSettings read(Path file) {
        Map<String, ModelPlace> models = new LinkedHashMap<>();
        if (Files.exists(file)) {
            parse(file).properties().forEach(entry -> models.put(entry.getKey(), place(file, entry)));
        }
        return new ModelSettings(file, models);
    }

    private static JsonNode parse(Path file) {
        try {
            return new TomlMapper().readTree(Files.readString(file, StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new InputRefused(file + ": not valid TOML at line " + line + ": " + problem, e);
        } catch (CharacterCodingException e) {
            throw new InputRefused(file + ": not valid TOML: it is not UTF-8", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }

    private static ModelPlace place(Path file, Map.Entry<String, JsonNode> entry) {
        String name = entry.getKey();
        if (KnownModels.find(name).isEmpty() || !KnownModels.base(name).equals(name)) {
            throw InputRefused.in(file, "\"" + name + "\" is no model that is known; headwise models lists the names");
        }
        JsonNode value = entry.getValue();
        if (value.isString()) {
            return new ModelPlace(path(file, name, value), Map.of());
        }
        if (!value.isObject() || value.isEmpty()) {
            throw InputRefused.in(file, name + ": expected a folder in quotes or a table with " + keys());
        }
        Path folder = null;
        Map<ModelPart, Path> parts = new EnumMap<>(ModelPart.class);
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String key = field.getKey();
            Path path = path(file, name + "." + key, field.getValue());
            if (key.equals(FOLDER)) {
                folder = path;
            } else {
                parts.put(
                        ModelPart.find(key)
                                .orElseThrow(() -> InputRefused.in(
                                        file, name + ": there is no key \"" + key + "\", expected " + keys())),
                        path);
            }
        }
        return new ModelPlace(folder, parts);
    }

    private static String keys() {
        return FOLDER + ", "
                + Arrays.stream(ModelPart.values()).map(ModelPart::key).collect(Collectors.joining(", "));
    }

    private static Path path(Path file, String key, JsonNode value) {
        if (!value.isString() || value.stringValue().isBlank()) {
            throw InputRefused.in(file, key + ": found " + value + ", expected a path in quotes");
        }
        String text = value.stringValue();
        try {
            return text.startsWith("~/")
                    ? home().resolve(text.substring(2))
                    : file.toAbsolutePath().resolveSibling(text).normalize();
        } catch (InvalidPathException e) {
            throw InputRefused.in(file, key + ": \"" + text + "\" is no path: " + e.getReason());
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"));
    }
}
