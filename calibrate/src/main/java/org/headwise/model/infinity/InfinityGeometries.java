package org.headwise.model.infinity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import tools.jackson.databind.JsonNode;

/**
 * The scale schedules and sizes of the released Infinity models, read from {@code geometries.json} beside this class
 * (upstream: {@code dynamic_resolution.py} and the model definitions).
 */
public final class InfinityGeometries {
    /** One released size: {@code width / heads} numbers per key. */
    private record Size(String name, List<String> names, int layers, int width, int heads, String resolution) {
        Geometry with(List<Grid> steps) {
            return new Geometry("infinity", layers, heads, heads, width / heads, steps);
        }
    }

    private record Template(double heightOverWidth, List<Grid> grids) {}

    private record Table(Map<String, Integer> resolutions, List<Template> templates, List<Size> sizes) {}

    private static final Table TABLE = load();

    private InfinityGeometries() {}

    /** The resolutions by their upstream names: {@code 0.06M}, {@code 0.25M}, {@code 0.60M}, {@code 1M}. */
    public static List<String> resolutions() {
        return List.copyOf(TABLE.resolutions.keySet());
    }

    /** Height over width of every template, in the order of the upstream table. */
    public static List<Double> templates() {
        return TABLE.templates.stream().map(Template::heightOverWidth).toList();
    }

    /** The scales of a resolution in the template nearest to this aspect ratio. */
    public static List<Grid> schedule(String resolution, double heightOverWidth) {
        Integer scales = TABLE.resolutions.get(resolution);
        if (scales == null) {
            throw new InputRefused(
                    "there is no resolution " + resolution + ", expected one of " + String.join(", ", resolutions()));
        }
        return largest(heightOverWidth).subList(0, scales);
    }

    /** All scales of the template nearest to this aspect ratio; the smaller resolutions are its first ones. */
    public static List<Grid> largest(double heightOverWidth) {
        if (!(heightOverWidth > 0) || Double.isInfinite(heightOverWidth)) {
            throw new InputRefused("height over width must be a positive number, got " + heightOverWidth);
        }
        Template nearest = TABLE.templates.getFirst();
        for (Template template : TABLE.templates) {
            if (Math.abs(template.heightOverWidth - heightOverWidth)
                    < Math.abs(nearest.heightOverWidth - heightOverWidth)) {
                nearest = template;
            }
        }
        return nearest.grids;
    }

    /**
     * The template whose first scales are these. Short schedules fit several templates; the one nearest to the aspect
     * ratio of the last grid is then taken, the earlier of the table among equals. Empty when none fits.
     */
    public static OptionalDouble templateOf(List<Grid> schedule) {
        if (schedule.isEmpty()) {
            return OptionalDouble.empty();
        }
        double ratio = (double) schedule.getLast().height() / schedule.getLast().width();
        return TABLE.templates.stream()
                .filter(template -> schedule.size() <= template.grids.size()
                        && template.grids.subList(0, schedule.size()).equals(schedule))
                .mapToDouble(Template::heightOverWidth)
                .boxed()
                .min((a, b) -> Double.compare(Math.abs(a - ratio), Math.abs(b - ratio)))
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    /** Names of the released sizes, as {@link #find} takes them. */
    public static List<String> names() {
        return TABLE.sizes.stream().map(Size::name).toList();
    }

    /**
     * The geometry of a released size: {@code NAME[@RESOLUTION][:RATIO]}, for example {@code infinity-2b},
     * {@code infinity-2b@0.25M}, {@code infinity-8b@1M:1.333}. Without them: the resolution of the release, and 1.
     *
     * @return empty when the part before {@code @} or {@code :} is no released size
     * @throws InputRefused when it is one but resolution or ratio are none of the table
     */
    public static Optional<Geometry> find(String text) {
        int colon = text.indexOf(':');
        String front = colon < 0 ? text : text.substring(0, colon);
        int at = front.indexOf('@');
        String name = at < 0 ? front : front.substring(0, at);
        double ratio = colon < 0 ? 1 : ratio(text, text.substring(colon + 1));
        return TABLE.sizes.stream()
                .filter(size -> size.names.contains(name))
                .findFirst()
                .map(size -> size.with(schedule(at < 0 ? size.resolution : front.substring(at + 1), ratio)));
    }

    /** As {@link #find}, for a name that must be there. */
    public static Geometry get(String text) {
        return find(text)
                .orElseThrow(() -> new InputRefused("there is no built-in geometry " + text
                        + ", expected NAME, NAME@RESOLUTION or NAME@RESOLUTION:RATIO where NAME is one of "
                        + String.join(", ", names())));
    }

    private static double ratio(String text, String part) {
        for (double template : templates()) {
            try {
                if (Double.parseDouble(part) == template) {
                    return template;
                }
            } catch (NumberFormatException e) {
                break;
            }
        }
        throw new InputRefused(text + ": there is no aspect ratio " + part + ", expected height over width, one of "
                + String.join(", ", templates().stream().map(String::valueOf).toList()));
    }

    private static Table load() {
        String name = "geometries.json";
        try (InputStream in = InfinityGeometries.class.getResourceAsStream(name)) {
            JsonNode json = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
            Map<String, Integer> resolutions = new TreeMap<>();
            json.get("resolutions")
                    .properties()
                    .forEach(entry ->
                            resolutions.put(entry.getKey(), entry.getValue().intValue()));
            List<Template> templates = new ArrayList<>();
            for (JsonNode template : json.get("templates")) {
                List<Grid> grids = new ArrayList<>();
                for (JsonNode grid : template.get("grids")) {
                    grids.add(new Grid(grid.get(0).intValue(), grid.get(1).intValue()));
                }
                templates.add(new Template(template.get("heightOverWidth").doubleValue(), List.copyOf(grids)));
            }
            List<Size> sizes = new ArrayList<>();
            for (JsonNode size : json.get("sizes")) {
                List<String> names = new ArrayList<>(List.of(size.get("name").stringValue()));
                size.get("aliases").forEach(alias -> names.add(alias.stringValue()));
                sizes.add(new Size(
                        names.getFirst(),
                        List.copyOf(names),
                        size.get("layers").intValue(),
                        size.get("width").intValue(),
                        size.get("heads").intValue(),
                        size.get("resolution").stringValue()));
            }
            return new Table(resolutions, List.copyOf(templates), List.copyOf(sizes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
