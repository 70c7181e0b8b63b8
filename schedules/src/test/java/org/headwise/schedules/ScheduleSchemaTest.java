package org.headwise.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The published JSON Schema describes what is written, and nothing looser. */
class ScheduleSchemaTest {
    private static final Set<String> WORDS = Set.of(
            "$schema",
            "$id",
            "title",
            "description",
            "type",
            "required",
            "oneOf",
            "additionalProperties",
            "properties",
            "const",
            "enum",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "items",
            "prefixItems",
            "pattern");

    private static JsonNode schema() throws Exception {
        try (InputStream in = ScheduleJson.class.getResourceAsStream("schedule.schema.json")) {
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "schema");
        }
    }

    @Test
    void whatIsWrittenFits() throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            JsonNode json = Json.parse(
                    Json.pretty(ScheduleJson.write(Cases.randomSchedule(Cases.randomGeometry(random), random))), "x");
            assertEquals(List.of(), problems(schema(), json, ""), "seed " + seed);
        }
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Schedule limited = RandomCapacities.schedule(Cases.randomGeometry(random), random);
            JsonNode json = Json.parse(Json.pretty(ScheduleJson.write(limited)), "x");
            assertEquals(List.of(), problems(schema(), json, ""), "capacities of seed " + seed);
        }
        assertEquals(
                List.of(),
                problems(schema(), Json.parse(Json.pretty(ScheduleJson.write(Cases.released2b(0.25, 128))), "x"), ""));
    }

    @Test
    void rasterModelsFitToo() throws Exception {
        Geometry raster = Geometry.raster("janus", 2, 4, 2, 8, new Grid(2, 3));
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Schedule any = RandomKeepings.schedule(RandomKeepings.geometry(random), random);
            assertEquals(
                    List.of(),
                    problems(schema(), Json.parse(Json.pretty(ScheduleJson.write(any)), "x"), ""),
                    "seed " + seed);
        }
        Schedule schedule = RandomKeepings.schedule(raster, new Random(1));
        ObjectNode json = (ObjectNode) Json.parse(Json.pretty(ScheduleJson.write(schedule)), "x");
        assertEquals(List.of(), problems(schema(), json, ""));
        assertEquals(schedule, ScheduleJson.read(json, "x"));
        ((ObjectNode) json.get("geometry")).remove("raster");
        assertNotEquals(List.of(), problems(schema(), json, ""));
    }

    @Test
    void everyFieldIsNeededAndNoOtherAllowed() throws Exception {
        JsonNode good = Json.parse(Json.pretty(ScheduleJson.write(Cases.released2b(0.5, 128))), "x");
        for (String name : good.propertyNames()) {
            ObjectNode without = ((ObjectNode) good).deepCopy();
            without.remove(name);
            assertNotEquals(List.of(), problems(schema(), without, ""), name);
            JsonNode child = good.get(name);
            if (child instanceof ObjectNode object && !name.equals("parameters")) {
                for (String inner : object.propertyNames()) {
                    ObjectNode copy = ((ObjectNode) good).deepCopy();
                    ((ObjectNode) copy.get(name)).remove(inner);
                    assertNotEquals(List.of(), problems(schema(), copy, ""), name + "/" + inner);
                }
                ObjectNode copy = ((ObjectNode) good).deepCopy();
                ((ObjectNode) copy.get(name)).put("surprise", 1);
                assertNotEquals(List.of(), problems(schema(), copy, ""), name + "/surprise");
            }
        }
    }

    /** A validator of the words of JSON Schema that the schema uses. */
    private static List<String> problems(JsonNode schema, JsonNode value, String at) {
        List<String> out = new ArrayList<>();
        for (String word : schema.propertyNames()) {
            assertEquals(true, WORDS.contains(word), "the test does not know " + word);
        }
        check(out, at + " const", !schema.has("const") || schema.get("const").equals(value));
        check(out, at + " type", !schema.has("type") || is(schema.get("type").stringValue(), value));
        boolean listed = !schema.has("enum");
        for (JsonNode one : schema.path("enum")) {
            listed |= one.equals(value);
        }
        check(out, at + " enum", listed);
        if (schema.has("oneOf")) {
            long fitting = schema.get("oneOf")
                    .valueStream()
                    .filter(one -> problems(one, value, at).isEmpty())
                    .count();
            check(out, at + " one of", fitting == 1);
        }
        if (value.isNumber()) {
            check(
                    out,
                    at + " least",
                    value.doubleValue() >= schema.path("minimum").asDouble(-1e300));
            check(
                    out,
                    at + " most",
                    value.doubleValue() <= schema.path("maximum").asDouble(1e300));
        }
        if (value.isString() && schema.has("pattern")) {
            check(
                    out,
                    at + " pattern",
                    value.stringValue().matches(schema.get("pattern").stringValue()));
        }
        if (value instanceof ObjectNode object) {
            schema.path("required").forEach(name -> check(out, at + " lacks " + name, object.has(name.stringValue())));
            for (String name : object.propertyNames()) {
                JsonNode known = schema.path("properties").path(name);
                JsonNode other = schema.path("additionalProperties");
                JsonNode inner = known.isMissingNode() ? other : known;
                check(out, at + " has " + name, inner.isObject() || !schema.has("additionalProperties"));
                if (inner.isObject()) {
                    out.addAll(problems(inner, object.get(name), at + "/" + name));
                }
            }
        }
        if (value instanceof ArrayNode array) {
            check(out, at + " short", array.size() >= schema.path("minItems").asInt(0));
            check(out, at + " long", array.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE));
            for (int i = 0; i < array.size(); i++) {
                JsonNode prefix = schema.path("prefixItems").path(i);
                JsonNode inner = prefix.isMissingNode() ? schema.path("items") : prefix;
                if (inner.isObject()) {
                    out.addAll(problems(inner, array.get(i), at + "/" + i));
                }
            }
        }
        return out;
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            default -> value.isNumber();
        };
    }

    private static void check(List<String> out, String problem, boolean fine) {
        if (!fine) {
            out.add(problem);
        }
    }
}
