package org.headwise.files;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The first place where two JSON documents differ. */
public final class JsonDifference {
    private static final int MOST = 60;

    private JsonDifference() {}

    /** "POINTER is FOUND, not EXPECTED", or nothing when the documents are equal. */
    public static Optional<String> first(JsonNode found, JsonNode expected) {
        return first("", found, expected);
    }

    private static Optional<String> first(String pointer, JsonNode found, JsonNode expected) {
        if (found.equals(expected)) {
            return Optional.empty();
        }
        if (found.isObject() && expected.isObject()) {
            Set<String> names = new LinkedHashSet<>(expected.propertyNames());
            names.addAll(found.propertyNames());
            for (String name : names) {
                Optional<String> inside = first(pointer + "/" + name, found.path(name), expected.path(name));
                if (inside.isPresent()) {
                    return inside;
                }
            }
        }
        if (found.isArray() && expected.isArray() && found.size() == expected.size()) {
            for (int i = 0; i < found.size(); i++) {
                Optional<String> inside = first(pointer + "/" + i, found.get(i), expected.get(i));
                if (inside.isPresent()) {
                    return inside;
                }
            }
        }
        return Optional.of(pointer + " is " + shown(found) + ", not " + shown(expected));
    }

    private static String shown(JsonNode node) {
        if (node.isMissingNode()) {
            return "absent";
        }
        String text = Json.line(node);
        return text.length() <= MOST ? text : text.substring(0, MOST - 3) + "...";
    }
}
