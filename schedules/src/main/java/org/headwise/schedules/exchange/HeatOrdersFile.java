package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.model.Geometry;
import org.headwise.schedules.methods.HeatOrders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * HeatKV's removal orders: per source scale a list of [head, layer], least heat first. Written as the bare list of its
 * released {@code orders/*.json}; read in that form, or as the object with a field {@code orders} that its calibration
 * writes.
 */
public final class HeatOrdersFile {
    /** Name of the format on the command line. */
    public static final String NAME = "heatkv-orders";

    private static final String ORDERS = "orders";

    private HeatOrdersFile() {}

    /** What the format cannot carry, as a sentence. */
    public static String losses() {
        return "loses the scores behind the order, the model, the scales and the provenance; the reader must know that "
                + "the last order is that of the last scale but one";
    }

    public static void write(HeatOrders orders, Path file) {
        ArrayNode out = Json.mapper().createArrayNode();
        for (List<HeatOrders.Slot> order : orders.orders()) {
            ArrayNode list = out.addArray();
            order.forEach(slot -> list.addArray().add(slot.head()).add(slot.layer()));
        }
        AtomicFile.write(file, Json.line(out) + "\n");
    }

    /**
     * Reads orders for a geometry; the last one is that of the last scale but one.
     *
     * @throws InputRefused unless every order is a permutation of all heads of the geometry
     */
    public static HeatOrders read(Path file, Geometry geometry) {
        JsonNode json = Json.read(file);
        JsonNode list = json.isObject() ? json.get(ORDERS) : json;
        if (list == null || !list.isArray()) {
            throw InputRefused.in(file, "expected a list of orders, or an object with a field \"orders\"");
        }
        int firstSource = geometry.steps().size() - 1 - list.size();
        if (firstSource < 0) {
            throw InputRefused.in(
                    file,
                    "found " + list.size() + " orders, but " + geometry.steps().size() + " scales have at most "
                            + (geometry.steps().size() - 1) + " to prune");
        }
        if (json.isObject()) {
            checkMetadata(JsonFields.of(json, file.toString()), geometry, firstSource);
        }
        List<List<HeatOrders.Slot>> orders = new ArrayList<>();
        for (JsonNode order : list) {
            List<HeatOrders.Slot> slots = new ArrayList<>();
            String place = "order " + orders.size();
            if (!order.isArray()) {
                throw InputRefused.in(file, place + " is no list of [head, layer]");
            }
            for (JsonNode pair : order) {
                if (!pair.isArray() || pair.size() != 2 || !whole(pair.get(0)) || !whole(pair.get(1))) {
                    throw InputRefused.in(file, place + ", entry " + slots.size() + " is no [head, layer]");
                }
                slots.add(
                        new HeatOrders.Slot(pair.get(0).intValue(), pair.get(1).intValue()));
            }
            orders.add(slots);
        }
        try {
            return new HeatOrders(geometry.layers(), geometry.kvHeads(), firstSource, orders);
        } catch (InputRefused e) {
            throw InputRefused.in(file, e.getMessage());
        }
    }

    /** What their calibration says about itself must fit, as far as it is there. */
    private static void checkMetadata(JsonFields fields, Geometry geometry, int firstSource) {
        if (!fields.has("metadata")) {
            return;
        }
        JsonFields metadata = fields.object("metadata");
        check(metadata, "num_layers", geometry.layers());
        check(metadata, "num_heads", geometry.kvHeads());
        check(metadata, "sink_scales", firstSource);
    }

    private static void check(JsonFields metadata, String name, int expected) {
        if (metadata.has(name) && metadata.whole(name, 0, Integer.MAX_VALUE) != expected) {
            throw metadata.refuse(
                    name,
                    "found " + metadata.whole(name, 0, Integer.MAX_VALUE) + ", expected " + expected
                            + " by the geometry");
        }
    }

    private static boolean whole(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }
}
