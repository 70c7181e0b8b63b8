package org.headwise.schedules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.methods.HeatOrders;
import tools.jackson.databind.JsonNode;

/** What the original programs were seen to do. */
public final class Reference {
    private Reference() {}

    public static String text(String name) {
        try (InputStream in = Reference.class.getResourceAsStream("/reference/" + name)) {
            InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in;
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(String name) {
        return Json.parse(text(name), name);
    }

    /** Grids from [height, width] or [time, height, width]. */
    public static List<Grid> grids(JsonNode list) {
        List<Grid> grids = new ArrayList<>();
        for (JsonNode grid : list) {
            int n = grid.size();
            grids.add(new Grid(grid.get(n - 2).intValue(), grid.get(n - 1).intValue()));
        }
        return grids;
    }

    public static Geometry geometry(int layers, int heads, JsonNode schedule) {
        return new Geometry("infinity", layers, heads, heads, 4, grids(schedule));
    }

    public static HeatOrders orders(JsonNode list, int layers, int heads, int firstSource) {
        List<List<HeatOrders.Slot>> orders = new ArrayList<>();
        for (JsonNode order : list) {
            List<HeatOrders.Slot> slots = new ArrayList<>();
            order.forEach(pair -> slots.add(
                    new HeatOrders.Slot(pair.get(0).intValue(), pair.get(1).intValue())));
            orders.add(slots);
        }
        return new HeatOrders(layers, heads, firstSource, orders);
    }
}
