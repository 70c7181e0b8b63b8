package org.headwise.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.headwise.files.Json;
import org.headwise.model.KnownModel.KnownFile;
import org.headwise.model.infinity.InfinityGeometries;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The released models that this version knows, read from {@code known-models.json} beside this class. */
public final class KnownModels {
    private static final List<KnownModel> ALL = load();

    private KnownModels() {}

    /** All of them, family by family, small before large. */
    public static List<KnownModel> all() {
        return ALL;
    }

    /**
     * The model of a name; Infinity's also as {@code NAME@RESOLUTION} and {@code NAME@RESOLUTION:RATIO}, as
     * {@link InfinityGeometries#find} takes them.
     */
    public static Optional<KnownModel> find(String text) {
        String name = base(text);
        return ALL.stream()
                .filter(model -> model.name().equals(name))
                .filter(model -> name.equals(text) || model.family().equals("infinity"))
                .findFirst()
                .map(model -> name.equals(text) ? model : at(model, text.substring(name.length())));
    }

    /** A reference without what follows {@code @} or {@code :}. */
    public static String base(String text) {
        return text.split("[@:]", 2)[0];
    }

    /** The only model whose transformer lies in a folder under a released name. */
    public static Optional<KnownModel> recognise(Path folder) {
        List<KnownModel> there = ALL.stream()
                .filter(model -> model.config().has("family"))
                .filter(model -> model.files().stream()
                        .filter(file -> file.part() == ModelPart.TRANSFORMER)
                        .anyMatch(file -> Files.exists(
                                        folder.resolve(file.names().getFirst()))
                                || Files.exists(folder.resolve(file.names().get(1)))))
                .toList();
        return there.size() == 1 ? Optional.of(there.getFirst()) : Optional.empty();
    }

    /** An Infinity model at another resolution or aspect ratio, given as {@code @0.25M:1.333}. */
    private static KnownModel at(KnownModel model, String suffix) {
        ObjectNode config = (ObjectNode) model.config().deepCopy();
        int colon = suffix.indexOf(':');
        if (colon >= 0) {
            config.put("h_div_w", ratio(suffix.substring(colon + 1)));
        }
        if (suffix.startsWith("@")) {
            config.put("pn", suffix.substring(1, colon < 0 ? suffix.length() : colon));
        }
        String size = model.name().replace("-512", "") + "@" + config.get("pn").asString();
        // Reading the geometry refuses resolutions and ratios that there are not.
        Geometry geometry = InfinityGeometries.get(size + (colon < 0 ? "" : suffix.substring(colon)));
        return new KnownModel(model.name(), model.family(), geometry, config, model.files());
    }

    private static double ratio(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static List<KnownModel> load() {
        String name = "known-models.json";
        try (InputStream in = KnownModels.class.getResourceAsStream(name)) {
            JsonNode json = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
            List<KnownModel> models = new ArrayList<>();
            json.get("models").forEach(model -> models.add(model(model)));
            return List.copyOf(models);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KnownModel model(JsonNode json) {
        List<KnownFile> files = new ArrayList<>();
        for (JsonNode file : json.get("files")) {
            files.add(new KnownFile(
                    ModelPart.find(file.get("part").stringValue()).orElseThrow(),
                    file.get("repository").stringValue(),
                    file.get("names").values().stream()
                            .map(JsonNode::stringValue)
                            .toList()));
        }
        String family = json.get("family").stringValue();
        return new KnownModel(
                json.get("name").stringValue(),
                family,
                geometry(family, json.get("geometry")),
                json.get("config"),
                List.copyOf(files));
    }

    private static Geometry geometry(String family, JsonNode json) {
        if (json.isString()) {
            return InfinityGeometries.get(json.stringValue());
        }
        int layers = json.get("layers").intValue();
        int heads = json.get("heads").intValue();
        int headDim = json.get("head_dim").intValue();
        JsonNode grid = json.path("grid");
        if (grid.isArray()) {
            Grid image = new Grid(grid.get(0).intValue(), grid.get(1).intValue());
            return Geometry.raster(family, layers, heads, heads, headDim, image);
        }
        JsonNode scales = json.get("scales");
        List<Grid> steps = IntStream.range(0, scales.size())
                .mapToObj(i -> new Grid(scales.get(i).intValue(), scales.get(i).intValue()))
                .toList();
        return new Geometry(family, layers, heads, heads, headDim, steps);
    }
}
