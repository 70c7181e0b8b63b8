package org.headwise.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of a JSON object that came from outside; whatever is missing, of the wrong kind or unknown is refused
 * with its place.
 *
 * @param origin the file, for messages
 * @param pointer where the object lies in it, as a JSON pointer; empty for the whole document
 * @param node the object
 */
public record JsonFields(String origin, String pointer, JsonNode node) {
    public JsonFields {
        if (!node.isObject()) {
            throw refused(origin, pointer, "found " + kind(node) + ", expected an object");
        }
    }

    /** The fields of a whole document. */
    public static JsonFields of(JsonNode document, String origin) {
        return new JsonFields(origin, "", document);
    }

    /** Refuses fields that are not among {@code names}: they would mean something that this version does not know. */
    public JsonFields only(Set<String> names) {
        for (String name : node.propertyNames()) {
            if (!names.contains(name)) {
                throw refused(origin, at(name), "this field is not known to this version of the program");
            }
        }
        return this;
    }

    public boolean has(String name) {
        return node.has(name);
    }

    public String text(String name) {
        JsonNode value = field(name);
        if (!value.isString()) {
            throw expected(name, "text");
        }
        return value.stringValue();
    }

    /** A whole number of the given range, both ends included. */
    public long whole(String name, long least, long most) {
        JsonNode value = field(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw expected(name, "a whole number from " + least + " to " + most);
        }
        return value.longValue();
    }

    public boolean flag(String name) {
        JsonNode value = field(name);
        if (!value.isBoolean()) {
            throw expected(name, "true or false");
        }
        return value.booleanValue();
    }

    /** A finite number. */
    public double number(String name) {
        JsonNode value = field(name);
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw expected(name, "a finite number");
        }
        return value.asDouble();
    }

    public JsonFields object(String name) {
        return new JsonFields(origin, at(name), field(name));
    }

    /** The elements of an array of any kind. */
    public List<JsonNode> array(String name) {
        JsonNode value = field(name);
        if (!value.isArray()) {
            throw expected(name, "an array");
        }
        return new ArrayList<>(value.values());
    }

    /** The elements of an array of objects. */
    public List<JsonFields> objects(String name) {
        List<JsonFields> out = new ArrayList<>();
        for (JsonNode element : array(name)) {
            out.add(new JsonFields(origin, at(name) + "/" + out.size(), element));
        }
        return out;
    }

    /** The elements of an array of texts. */
    public List<String> texts(String name) {
        List<String> out = new ArrayList<>();
        for (JsonNode element : array(name)) {
            if (!element.isString()) {
                throw refused(origin, at(name) + "/" + out.size(), "found " + kind(element) + ", expected text");
            }
            out.add(element.stringValue());
        }
        return out;
    }

    /** The refusal of this object or one of its fields (empty name for the object). */
    public InputRefused refuse(String name, String problem) {
        return refused(origin, name.isEmpty() ? pointer : at(name), problem);
    }

    private JsonNode field(String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw refused(origin, at(name), "this field is missing");
        }
        return value;
    }

    private String at(String name) {
        return pointer + "/" + name;
    }

    private InputRefused expected(String name, String what) {
        return refused(origin, at(name), "found " + shown(node.get(name)) + ", expected " + what);
    }

    private static InputRefused refused(String origin, String pointer, String problem) {
        return new InputRefused(origin + (pointer.isEmpty() ? "" : " at " + pointer) + ": " + problem);
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String shown(JsonNode node) {
        String text = Json.line(node);
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
