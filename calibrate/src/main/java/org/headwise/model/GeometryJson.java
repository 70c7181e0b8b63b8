package org.headwise.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@link Geometry} as JSON: {@code family}, {@code layers}, {@code heads}, {@code kv_heads}, {@code head_dim},
 * {@code steps} as pairs [height, width] in order, and the {@code fingerprint} of all these. A raster model has
 * {@code raster}, the pair [height, width] of its image, in place of {@code steps}; what is written is the geometry of the
 * model, without the prompt of a generation.
 */
public final class GeometryJson {
    private static final Set<String> FIELDS =
            Set.of("family", "layers", "heads", "kv_heads", "head_dim", "steps", "raster", "fingerprint");
    private static final int MOST = 1 << 20;

    private GeometryJson() {}

    public static ObjectNode write(Geometry geometry) {
        ObjectNode out = Json.object();
        out.put("family", geometry.family());
        out.put("layers", geometry.layers());
        out.put("heads", geometry.heads());
        out.put("kv_heads", geometry.kvHeads());
        out.put("head_dim", geometry.headDim());
        if (geometry.raster() != null) {
            out.putArray("raster")
                    .add(geometry.raster().height())
                    .add(geometry.raster().width());
        } else {
            ArrayNode steps = out.putArray("steps");
            for (Grid grid : geometry.steps()) {
                steps.addArray().add(grid.height()).add(grid.width());
            }
        }
        out.put("fingerprint", geometry.fingerprint());
        return out;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param origin the file, for messages
     * @throws InputRefused if a field is missing, unknown or impossible, or the fingerprint is not that of the fields
     */
    public static Geometry read(JsonNode json, String origin) {
        return read(JsonFields.of(json, origin));
    }

    /** The same for an object within a larger document. */
    public static Geometry read(JsonFields fields) {
        fields.only(FIELDS);
        int heads = count(fields, "heads");
        int kvHeads = count(fields, "kv_heads");
        if (heads % kvHeads != 0) {
            throw fields.refuse("kv_heads", kvHeads + " kv heads do not divide " + heads + " heads");
        }
        String family = fields.text("family");
        int layers = count(fields, "layers");
        int headDim = count(fields, "head_dim");
        Geometry geometry = fields.has("raster")
                ? Geometry.raster(family, layers, heads, kvHeads, headDim, raster(fields))
                : new Geometry(family, layers, heads, kvHeads, headDim, steps(fields));
        String fingerprint = fields.text("fingerprint");
        if (!fingerprint.equals(geometry.fingerprint())) {
            throw fields.refuse(
                    "fingerprint",
                    "found " + fingerprint + ", but these fields have " + geometry.fingerprint()
                            + "; the geometry was edited or damaged");
        }
        return geometry;
    }

    /** Refuses the geometry of another model than the expected one, naming the first field that differs. */
    public static void requireSame(Geometry expected, Geometry found, String origin) {
        if (!expected.ofModel().equals(found.ofModel())) {
            throw new InputRefused(origin + ": wrong geometry: " + difference(expected, found) + " (found "
                    + found.fingerprint() + ", expected " + expected.fingerprint() + ")");
        }
    }

    private static String difference(Geometry expected, Geometry found) {
        List<String> names = List.of("family", "layers", "heads", "kv heads", "head dim", "raster", "steps");
        List<Object> left = values(expected);
        List<Object> right = values(found);
        for (int i = 0; i < names.size(); i++) {
            if (!left.get(i).equals(right.get(i))) {
                return names.get(i) + " found " + right.get(i) + ", expected " + left.get(i);
            }
        }
        for (int s = 0; s < expected.steps().size(); s++) {
            if (!expected.steps().get(s).equals(found.steps().get(s))) {
                return "grid of step " + s + " found " + shown(found.steps().get(s)) + ", expected "
                        + shown(expected.steps().get(s));
            }
        }
        throw new IllegalStateException("the geometries are equal");
    }

    private static List<Object> values(Geometry g) {
        return List.of(
                g.family(),
                g.layers(),
                g.heads(),
                g.kvHeads(),
                g.headDim(),
                g.raster() == null ? "none" : shown(g.raster()),
                g.steps().size());
    }

    private static String shown(Grid grid) {
        return grid.height() + "x" + grid.width();
    }

    private static int count(JsonFields fields, String name) {
        return (int) fields.whole(name, 1, MOST);
    }

    private static List<Grid> steps(JsonFields fields) {
        List<Grid> steps = new ArrayList<>();
        long tokens = 0;
        for (JsonNode pair : fields.array("steps")) {
            String place = "steps/" + steps.size();
            Grid grid = grid(fields, place, pair);
            tokens += (long) grid.height() * grid.width();
            if (tokens > Integer.MAX_VALUE) {
                throw fields.refuse(place, "more than " + Integer.MAX_VALUE + " tokens");
            }
            steps.add(grid);
        }
        if (steps.isEmpty()) {
            throw fields.refuse("steps", "there are no steps");
        }
        return steps;
    }

    private static Grid raster(JsonFields fields) {
        if (fields.has("steps")) {
            throw fields.refuse("raster", "a geometry has a raster or steps, found both");
        }
        Grid grid = grid(fields, "raster", fields.node().get("raster"));
        if ((long) grid.height() * grid.width() > MOST) {
            throw fields.refuse("raster", "more than " + MOST + " tokens");
        }
        return grid;
    }

    private static Grid grid(JsonFields fields, String place, JsonNode pair) {
        if (!pair.isArray() || pair.size() != 2 || !extent(pair.get(0)) || !extent(pair.get(1))) {
            throw fields.refuse(place, "found " + Json.line(pair) + ", expected [height, width] of at least 1");
        }
        return new Grid(pair.get(0).intValue(), pair.get(1).intValue());
    }

    private static boolean extent(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1 && value.intValue() <= MOST;
    }
}
