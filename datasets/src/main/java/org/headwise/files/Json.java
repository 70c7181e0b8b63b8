package org.headwise.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Strict JSON: duplicate keys and trailing text are refused; output has a fixed key order and two-space indent. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Reads a whole file; a missing or malformed one is refused by name. */
    public static JsonNode read(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (NoSuchFileException e) {
            throw InputRefused.in(file, "no such file");
        } catch (CharacterCodingException e) {
            throw new InputRefused(file + ": not valid JSON: it is not UTF-8", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }

    /** Parses text; {@code origin} names it in the refusal. */
    public static JsonNode parse(String text, String origin) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new InputRefused(origin + ": not valid JSON at line " + line(e) + ": " + e.getOriginalMessage(), e);
        }
    }

    /** Indented text with a final newline. */
    public static String pretty(Object value) {
        return MAPPER.writeValueAsString(value) + "\n";
    }

    /** One line without a newline, for journals and JSON lines. */
    public static String line(Object value) {
        return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    }

    private static long line(JacksonException e) {
        return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    }
}
