package org.headwise.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ScheduleJsonTest {
    @TempDir
    Path folder;

    private static Schedule example() {
        Geometry geometry = new Geometry(
                "test", 2, 3, 3, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 2), new Grid(4, 4)));
        return new Schedule(
                geometry,
                "heatkv",
                new java.util.TreeMap<>(java.util.Map.of("protect", "1")),
                new Budget(0.5, Budget.Meaning.PEAK_INCOMING),
                List.of(
                        new EvictScale(1, 1, 2, 2, 0),
                        new EvictScale(1, 0, 1, 1, 0),
                        new EvictScale(1, 0, 0, 1, 0),
                        new EvictScale(2, 1, 0, 3, -1)),
                Cases.PROVENANCE);
    }

    @Test
    void writtenAndReadAgain() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Schedule schedule = Cases.randomSchedule(Cases.randomGeometry(random), random);
            Path file = folder.resolve("schedule.json");
            ScheduleJson.write(schedule, file);
            assertEquals(schedule, ScheduleJson.read(file, schedule.geometry()), "seed " + seed);
        }
        Schedule released = Cases.released2b(0.1, 128);
        Path file = folder.resolve("2b.json");
        ScheduleJson.write(released, file);
        assertEquals(released, ScheduleJson.read(file));
        assertTrue(
                file.toFile().length() < 200_000,
                "the file has " + file.toFile().length() + " bytes");
    }

    @Test
    void predictedLedgerByHand() {
        // 6 heads: 6, +3 per layer of 4 tokens... every moment counted on paper.
        TokenLedger ledger = example().predicted();
        assertEquals(List.of(6L, 6L + 4 * 3 - 2 * 4 + 4 * 3, 22L - 4 + 18 + 18, 54L - 6 + 48), ledger.peak());
        assertEquals(List.of(6L, 22L, 54L, 48L), ledger.end());
    }

    @Test
    void anotherGeometryIsRefusedByTheFieldThatDiffers() {
        Path file = folder.resolve("schedule.json");
        ScheduleJson.write(example(), file);
        Geometry other = new Geometry("test", 3, 3, 3, 4, example().geometry().steps());
        String message = assertThrows(InputRefused.class, () -> ScheduleJson.read(file, other))
                .getMessage();
        assertTrue(message.contains("layers found 2, expected 3"), message);
    }

    static Stream<Arguments> edits() {
        return Stream.of(
                edit("this is no schedule", root -> root.remove("format")),
                edit("this is no schedule", root -> root.remove("version")),
                edit("expected \"headwise-schedule\"", root -> root.put("format", "other")),
                edit("version 3 is too new", root -> root.put("version", 3)),
                edit("version 0 is too old", root -> root.put("version", 0)),
                edit("expected a whole number", root -> root.put("version", "1")),
                edit("/surprise: this field is not known", root -> root.put("surprise", 1)),
                edit("/budget: this field is missing", root -> root.remove("budget")),
                edit("at /budget/share", root -> object(root, "budget").put("share", 1.5)),
                edit("at /budget/share", root -> object(root, "budget").put("share", Double.NaN)),
                edit(
                        "expected one of peak_incoming",
                        root -> object(root, "budget").put("meaning", "x")),
                edit(
                        "which is for raster models, but the geometry is",
                        root -> object(root, "budget").put("meaning", "image_tokens")),
                edit("at /budget/more", root -> object(root, "budget").put("more", 1)),
                edit("fingerprint", root -> object(root, "geometry").put("layers", 3)),
                edit("fingerprint", root -> object(root, "geometry").put("fingerprint", "0123456789abcdef")),
                edit(
                        "at /rules/0/rule: this rule is not known",
                        root -> group(root).put("rule", "forget")),
                edit(
                        "at /rules/0/columns",
                        root -> group(root).putArray("columns").add("source")),
                edit("names no kv heads", root -> row(root, 1, 0, 1, 0)),
                edit("has no such source", root -> row(root, 3, -1, 4, 0, 0)),
                edit("has no such source", root -> row(root, 3, -1, -1, 0, 0)),
                edit("evicts the last step", root -> row(root, 3, 1, 3, 0, 0)),
                edit("has no such layer", root -> row(root, 3, 1, 2, 2, 0)),
                edit("has no such kv head", root -> row(root, 3, 1, 2, 0, 3)),
                edit("after no such step", root -> row(root, 4, 0, 2, 0, 0)),
                edit("after no such layer", root -> row(root, 3, 2, 2, 0, 0)),
                edit("after no such layer", root -> row(root, 3, -2, 2, 0, 0)),
                edit("before they exist", root -> row(root, 1, 1, 2, 0, 0)),
                edit("before they exist", root -> row(root, 2, 0, 2, 1, 1)),
                edit("before they exist", root -> row(root, 2, -1, 2, 0, 1)),
                edit("evicts already", root -> row(root, 3, 1, 1, 0, 0)),
                edit(
                        "at /rules/0/rows/2/0: expected a whole number",
                        root -> ((ArrayNode) rows(root).get(2)).set(0, 1.5)),
                edit("at /rules/0/rows/2", root -> rows(root).set(2, 4)),
                edit("not what the rules lead to", root -> rows(root).remove(0)),
                edit(
                        "not what the rules lead to",
                        root -> ((ArrayNode) object(root, "predicted").get("end_bytes")).set(0, 1)),
                edit(
                        "/predicted/rows: this field is missing",
                        root -> object(root, "predicted").remove("rows")),
                edit(
                        "at /provenance/inputs/0/sha256",
                        root -> ((ObjectNode)
                                        object(root, "provenance").get("inputs").get(0))
                                .put("sha256", "no")),
                edit(
                        "found 7, expected text",
                        root -> object(root, "parameters").put("protect", 7)));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void editedFilesAreRefusedInOneSentence(String expected, Consumer<ObjectNode> edit) {
        ObjectNode json = (ObjectNode) Json.parse(Json.pretty(ScheduleJson.write(example())), "x");
        edit.accept(json);
        InputRefused refused = assertThrows(InputRefused.class, () -> ScheduleJson.read(json, "schedule.json"));
        assertTrue(refused.getMessage().startsWith("schedule.json"), refused.getMessage());
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
        assertEquals(-1, refused.getMessage().indexOf('\n'));
    }

    @Test
    void hugeGeometriesAreRefusedBeforeMemoryIsAskedFor() {
        Geometry huge = new Geometry("x", 1 << 20, 1 << 20, 1 << 20, 1 << 20, List.of(new Grid(1, 1), new Grid(9, 9)));
        ObjectNode json = ScheduleJson.write(example());
        json.set("geometry", org.headwise.model.GeometryJson.write(huge));
        String message = assertThrows(InputRefused.class, () -> ScheduleJson.read(json, "f"))
                .getMessage();
        assertTrue(message.contains("beyond all bounds"), message);
    }

    @Test
    void damagedBytesAreRefusedAndNothingElse() throws Exception {
        byte[] good = Json.pretty(ScheduleJson.write(example())).getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("damaged.json");
        int refused = 0;
        for (long seed = 0; seed < 1500; seed++) {
            Random random = new Random(seed);
            byte[] bytes = damaged(good, random);
            Files.write(file, bytes);
            try {
                ScheduleJson.read(file);
            } catch (InputRefused e) {
                refused++;
                assertTrue(e.getMessage().contains("damaged.json"), e.getMessage());
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1), e);
            }
        }
        // What is read without complaint differs in names or provenance only.
        assertTrue(refused > 1000, refused + " of 1500 refused");
    }

    private static byte[] damaged(byte[] good, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                byte[] bytes = good.clone();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                return bytes;
            }
            case 1 -> {
                return java.util.Arrays.copyOf(good, random.nextInt(good.length));
            }
            default -> {
                ObjectNode json = (ObjectNode) Json.parse(new String(good, StandardCharsets.UTF_8), "x");
                List<JsonNode> parents = new ArrayList<>();
                collect(json, parents);
                JsonNode parent = parents.get(random.nextInt(parents.size()));
                Object[] values = {
                    -1, 0, 1L << 40, 1e300, "text", "", true, List.of(), java.util.Map.of(), List.of(1, 2)
                };
                JsonNode value = Json.parse(Json.line(values[random.nextInt(values.length)]), "x");
                if (parent instanceof ObjectNode object) {
                    List<String> names = List.copyOf(object.propertyNames());
                    object.set(names.get(random.nextInt(names.size())), value);
                } else {
                    ArrayNode array = (ArrayNode) parent;
                    array.set(random.nextInt(array.size()), value);
                }
                return Json.pretty(json).getBytes(StandardCharsets.UTF_8);
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> parents) {
        if (node.isContainer() && !node.isEmpty()) {
            parents.add(node);
            node.forEach(child -> collect(child, parents));
        }
    }

    private static Arguments edit(String expected, Consumer<ObjectNode> edit) {
        return Arguments.of(expected, edit);
    }

    private static ObjectNode object(ObjectNode root, String name) {
        return (ObjectNode) root.get(name);
    }

    private static ObjectNode group(ObjectNode root) {
        return (ObjectNode) root.get("rules").get(0);
    }

    private static ArrayNode rows(ObjectNode root) {
        return (ArrayNode) group(root).get("rows");
    }

    /** Adds a row after the existing three. */
    private static void row(ObjectNode root, int afterStep, int afterLayer, int source, int layer, int... heads) {
        ArrayNode row =
                rows(root).addArray().add(afterStep).add(afterLayer).add(source).add(layer);
        ArrayNode list = row.addArray();
        for (int head : heads) {
            list.add(head);
        }
    }
}
