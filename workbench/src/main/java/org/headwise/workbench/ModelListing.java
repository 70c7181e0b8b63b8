package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.KnownModel;
import org.headwise.model.KnownModel.KnownFile;
import org.headwise.model.ModelPart;
import org.headwise.workbench.TextTable.Column;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Models with their geometry, and of released ones the files that they need and where these lie. */
final class ModelListing {
    private static final int BF16_BYTES = 2;

    private final TextTable models = new TextTable(
            Column.of("name", "name"),
            Column.of("kind", "kind"),
            Column.of("family", "family"),
            Column.of("layers", "layers"),
            Column.of("heads", "heads"),
            Column.of("head_dim", "head dim"),
            Column.of("steps", "steps"),
            Column.of("last_grid", "last grid"),
            Column.of("tokens", "tokens"),
            new Column("full_cache_bytes", "full cache, bytes", "%,d"),
            Column.of("fingerprint", "fingerprint"));
    private final TextTable files = new TextTable(
            Column.of("name", "released model"),
            Column.of("here", "files are"),
            Column.of("needs", "needs, on the Hugging Face hub"));
    private final Map<String, ObjectNode> described = new HashMap<>();

    /** Adds a model whose shape is known and nothing else needs to be said. */
    void shape(String name, String kind, Geometry geometry) {
        Grid last = geometry.raster() == null ? geometry.steps().getLast() : geometry.raster();
        long bytes =
                2L * geometry.layers() * geometry.kvHeads() * geometry.headDim() * BF16_BYTES * geometry.totalTokens();
        models.row(
                name,
                kind,
                geometry.family(),
                geometry.layers(),
                geometry.heads(),
                geometry.headDim(),
                geometry.steps().size(),
                last.height() + "x" + last.width(),
                geometry.totalTokens(),
                bytes,
                geometry.fingerprint());
    }

    /** Adds a released model, and what is known of its place. */
    void released(String name, KnownModel known, ModelPlace place) {
        shape(name, "released", known.geometry());
        String here = here(known, place);
        files.row(name, here, ModelPlaces.files(known));
        ObjectNode node = Json.object().put("files_are", here);
        node.set("files", files(known, place).json());
        described.put(name, node);
    }

    private static String here(KnownModel known, ModelPlace place) {
        if (place == ModelPlace.NOWHERE) {
            return "not configured";
        }
        if (place.folder() != null && !Files.isDirectory(place.folder())) {
            return "not there: " + place.folder();
        }
        List<KnownFile> missing = known.missing(known.locate(place.folder(), place.parts()));
        return missing.isEmpty()
                ? "complete"
                : "incomplete: no "
                        + missing.stream().map(file -> file.part().key()).collect(Collectors.joining(", "));
    }

    /** Every file of one released model, and where it is. */
    static TextTable files(KnownModel known, ModelPlace place) {
        TextTable table = new TextTable(
                Column.of("part", "part"),
                Column.of("on_hub", "on the Hugging Face hub"),
                Column.of("names", "looked for as"),
                Column.of("place", "found"));
        Map<ModelPart, Path> located = known.locate(place.folder(), place.parts());
        for (KnownFile file : known.files()) {
            Path found = located.get(file.part());
            table.row(
                    file.part().key(),
                    file.onHub(),
                    String.join(", ", file.names()),
                    found == null ? null : found.toString());
        }
        return table;
    }

    /** A JSON array of all models; released ones have their files. */
    ArrayNode json() {
        ArrayNode array = models.json();
        array.forEach(model -> {
            ObjectNode more = described.get(model.get("name").stringValue());
            if (more != null) {
                ((ObjectNode) model).setAll(more);
            }
        });
        return array;
    }

    TextTable models() {
        return models;
    }

    TextTable files() {
        return files;
    }
}
