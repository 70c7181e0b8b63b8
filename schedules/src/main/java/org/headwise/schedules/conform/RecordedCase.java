package org.headwise.schedules.conform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Grid;
import tools.jackson.databind.JsonNode;

/**
 * A recorded case: a manifest and the tensors beside it. Every accessor refuses by name what is missing or of another
 * form.
 */
final class RecordedCase implements AutoCloseable {
    private final Path manifest;
    private final JsonNode json;
    private final JsonNode index;
    /** Opened when first asked for: a kind that is not replayed needs no tensors. */
    private Checkpoint tensors;

    private final Set<String> asked = new HashSet<>();

    /**
     * Opens a case.
     *
     * @param index the folder's {@code index.json}, or a missing node
     */
    RecordedCase(Path manifest, JsonNode json, JsonNode index) {
        this.manifest = manifest;
        this.json = json;
        this.index = index;
    }

    private Optional<Checkpoint> tensors() {
        if (tensors == null) {
            tensors = tensorFile().map(Checkpoints::open).orElse(null);
        }
        return Optional.ofNullable(tensors);
    }

    private Optional<Path> tensorFile() {
        for (String field : List.of("tensor_file", "file")) {
            if (json.path(field).isString()) {
                return Optional.of(file(field));
            }
        }
        String name = manifest.getFileName().toString();
        Path sibling = manifest.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".safetensors");
        return Files.isRegularFile(sibling) ? Optional.of(sibling) : Optional.empty();
    }

    static String id(Path manifest, JsonNode json) {
        String name = manifest.getFileName().toString().replaceAll("\\.json$", "");
        return json.path("id").asString(json.path("case").asString(name));
    }

    String kind() {
        return json.path("kind").asString("");
    }

    JsonNode json() {
        return json;
    }

    /** The folder's index, or a missing node. */
    JsonNode index() {
        return index;
    }

    Path manifest() {
        return manifest;
    }

    boolean has(String field) {
        JsonNode value = json.path(field);
        return !value.isMissingNode() && !value.isNull();
    }

    JsonNode get(String field) {
        if (!has(field)) {
            throw refuse("there is no \"" + field + "\"");
        }
        return json.get(field);
    }

    InputRefused refuse(String problem) {
        return InputRefused.in(manifest, problem);
    }

    /** The file that a field names, beside the manifest. */
    Path file(String field) {
        String name = get(field).asString("");
        Path folder = manifest.toAbsolutePath().normalize().getParent();
        Path file = folder.resolve(name).normalize();
        if (name.isEmpty() || !file.startsWith(folder)) {
            throw refuse("\"" + field + "\" names " + get(field) + ", expected a file beside the manifest");
        }
        return file;
    }

    Set<String> tensorNames() {
        return tensors().map(Checkpoint::names).orElse(Set.of());
    }

    boolean hasTensor(String name) {
        return tensors().flatMap(file -> file.find(name)).isPresent();
    }

    /** A tensor that must be there, of the shape that the manifest states. */
    StoredTensor tensor(String name) {
        asked.add(name);
        StoredTensor tensor = tensors()
                .orElseThrow(() -> refuse("there is no tensor file beside it"))
                .get(name);
        JsonNode stated = json.path("tensors").path(name).path("shape");
        if (stated.isArray()
                && !longs(stated).equals(Arrays.stream(tensor.shape()).boxed().toList())) {
            throw refuse("states shape " + stated + " for tensor " + name + ", the file has "
                    + Arrays.toString(tensor.shape()));
        }
        return tensor;
    }

    /** The expected results that nobody asked for, as text; empty if there are none. */
    Optional<String> untouched() {
        List<String> names = new ArrayList<>();
        json.path("tensors").properties().forEach(entry -> {
            if (entry.getValue().path("role").asString("").equals("expected") && !asked.contains(entry.getKey())) {
                names.add(entry.getKey());
            }
        });
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }

    private List<Long> longs(JsonNode list) {
        List<Long> out = new ArrayList<>();
        list.forEach(entry -> out.add(entry.asLong(-1)));
        return out;
    }

    /** The tolerance of the first of these names that has one, else that of "all". */
    Tolerance tolerance(String... names) {
        return toleranceIfAny(names)
                .orElseThrow(() -> refuse("there is no tolerance for " + String.join(" or ", names)));
    }

    Optional<Tolerance> toleranceIfAny(String... names) {
        List<String> all = new ArrayList<>(List.of(names));
        all.add("all");
        for (String field : List.of("tolerance", "suggested_tolerances")) {
            for (String name : all) {
                Optional<Tolerance> found = Tolerance.of(json.path(field).path(name));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The grids of a list of [1, height, width]. */
    List<Grid> grids(String field) {
        return grids(get(field), field);
    }

    List<Grid> grids(JsonNode list, String what) {
        List<Grid> grids = new ArrayList<>();
        for (JsonNode entry : list) {
            if (entry.size() != 3
                    || entry.get(0).asInt(0) != 1
                    || entry.get(1).asInt(0) < 1
                    || entry.get(2).asInt(0) < 1) {
                throw refuse("\"" + what + "\" has the entry " + entry + ", expected [1, height, width]");
            }
            grids.add(new Grid(entry.get(1).asInt(), entry.get(2).asInt()));
        }
        if (grids.isEmpty()) {
            throw refuse("\"" + what + "\" has no scales");
        }
        return grids;
    }

    /** A whole number; {@code absent} stands in when there is none. */
    int integer(String field, int absent) {
        return has(field) ? integer(field) : absent;
    }

    int integer(String field) {
        return integer(json, field);
    }

    /** A whole number within the manifest. */
    int integer(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw refuse("\"" + field + "\" is " + (value.isMissingNode() ? "missing" : value)
                    + ", expected a whole number");
        }
        return value.intValue();
    }

    double number(String field) {
        return number(json, field);
    }

    /** A number within the manifest. */
    double number(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isNumber()) {
            throw refuse("\"" + field + "\" is " + (value.isMissingNode() ? "missing" : value) + ", expected a number");
        }
        return value.doubleValue();
    }

    List<Float> floats(String field) {
        List<Float> out = new ArrayList<>();
        for (JsonNode entry : get(field)) {
            if (!entry.isNumber()) {
                throw refuse("\"" + field + "\" has the entry " + entry + ", expected numbers");
            }
            out.add(entry.floatValue());
        }
        return out;
    }

    List<Integer> integers(JsonNode list) {
        List<Integer> out = new ArrayList<>();
        for (JsonNode entry : list) {
            if (!entry.isIntegralNumber() || !entry.canConvertToInt()) {
                throw refuse("has the entry " + entry + " where a whole number is expected");
            }
            out.add(entry.intValue());
        }
        return out;
    }

    /** Another case of the same folder. */
    RecordedCase other(String id) {
        Path path = manifest.resolveSibling(id + ".json");
        for (JsonNode entry : index.path("cases")) {
            if (entry.path("id").asString("").equals(id)) {
                path = manifest.resolveSibling(entry.path("manifest").asString(id + ".json"));
            }
        }
        return new RecordedCase(path, Json.read(path), index);
    }

    @Override
    public void close() {
        if (tensors != null) {
            tensors.close();
        }
    }
}
