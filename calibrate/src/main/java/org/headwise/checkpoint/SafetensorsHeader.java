package org.headwise.checkpoint;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.tensor.DType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The JSON header of a safetensors file, checked against the written format: it begins with <code>{</code> (leading
 * blanks, which some readers tolerate, are refused; trailing blanks are padding), names no tensor twice, and its tensors
 * cover the data exactly, without hole or overlap. It is read as a stream, so that a hostile header is refused at its
 * first lie and never grows into a tree.
 *
 * @param tensors in the order of the header
 * @param metadata the {@code __metadata__} strings
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {
    /** What the format allows a header to have, in bytes. */
    static final long MAX_BYTES = 100_000_000;

    private static final int MAX_RANK = 64;
    private static final List<String> OTHER_DTYPES =
            List.of("U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "F6_E2M3", "F6_E3M2", "C64");

    /** One tensor: its data are the bytes [begin, end) after the header. */
    record Entry(DType dtype, long[] shape, long begin, long end) {}

    /** Parses a header; {@code dataBytes} is what follows it in the file. */
    static SafetensorsHeader parse(String origin, byte[] json, long dataBytes) {
        if (json.length == 0 || json[0] != '{') {
            throw new InputRefused(origin + ": the safetensors header must begin with '{', found "
                    + (json.length == 0 ? "an empty header" : String.format("byte 0x%02x", json[0] & 0xff)));
        }
        SafetensorsHeader header;
        try (JsonParser parser = Json.mapper().createParser(decode(origin, json))) {
            header = new Reading(origin, parser).header();
        } catch (JacksonException e) {
            throw new InputRefused(
                    origin + ": the safetensors header is not valid JSON: "
                            + e.getOriginalMessage().replaceAll("\\s+", " "),
                    e);
        }
        covers(origin, header.tensors, dataBytes);
        return header;
    }

    private static String decode(String origin, byte[] json) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputRefused(origin + ": the safetensors header is not valid UTF-8", e);
        }
    }

    private static void covers(String origin, Map<String, Entry> tensors, long dataBytes) {
        List<Map.Entry<String, Entry>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(e -> e.getValue().begin)
                .thenComparingLong(e -> e.getValue().end));
        long position = 0;
        for (Map.Entry<String, Entry> next : ordered) {
            Entry entry = next.getValue();
            if (entry.begin != position) {
                throw new InputRefused(origin + ": tensor " + next.getKey() + " begins at byte " + entry.begin
                        + " of the data, expected " + position
                        + (entry.begin < position
                                ? " (it overlaps the tensor before)"
                                : " (bytes that no tensor owns)"));
            }
            position = entry.end;
        }
        if (position > dataBytes) {
            throw new InputRefused(origin + ": the header describes " + position
                    + " bytes of data, but the file has only " + dataBytes + "; it is cut short, fetch it again");
        }
        if (position < dataBytes) {
            throw new InputRefused(
                    origin + ": " + (dataBytes - position) + " bytes follow the last tensor, expected none");
        }
    }

    /** One pass over the tokens of a header. */
    private record Reading(String origin, JsonParser parser) {
        SafetensorsHeader header() {
            Map<String, Entry> tensors = new LinkedHashMap<>();
            Map<String, String> metadata = Map.of();
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value != JsonToken.START_OBJECT) {
                    throw refuse(shorten(name), "is no JSON object");
                }
                if (name.equals("__metadata__")) {
                    metadata = strings();
                } else {
                    tensors.put(name, tensor(shorten(name)));
                }
            }
            if (parser.nextToken() != null) {
                throw new InputRefused(origin + ": text follows the closing brace of the safetensors header");
            }
            return new SafetensorsHeader(tensors, metadata);
        }

        private Map<String, String> strings() {
            Map<String, String> found = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw refuse("__metadata__", "has a value that is no string under \"" + shorten(key) + "\"");
                }
                found.put(key, parser.getString());
            }
            return found;
        }

        private Entry tensor(String name) {
            DType dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "dtype" -> dtype = dtype(name);
                    case "shape" -> shape = numbers(name, field, MAX_RANK);
                    case "data_offsets" -> offsets = numbers(name, field, 2);
                    default -> throw refuse(name, "has an unknown field \"" + shorten(field) + "\"");
                }
            }
            if (dtype == null || shape == null || offsets == null) {
                throw refuse(name, "has no " + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
            }
            return entry(name, dtype, shape, offsets);
        }

        private Entry entry(String name, DType dtype, List<Long> shape, List<Long> offsets) {
            if (offsets.size() != 2) {
                throw refuse(name, "has " + offsets.size() + " data_offsets, expected 2");
            }
            long begin = offsets.get(0);
            long end = offsets.get(1);
            if (end < begin) {
                throw refuse(name, "ends at byte " + end + ", before it begins at byte " + begin);
            }
            long bytes = dtype.bytes();
            try {
                // A zero anywhere makes the tensor empty, but must not hide an overflow of the other extents.
                for (long extent : shape) {
                    bytes = Math.multiplyExact(bytes, Math.max(extent, 1));
                }
            } catch (ArithmeticException e) {
                throw refuse(name, "has shape " + shape + ", more elements than a file can hold");
            }
            if (shape.contains(0L)) {
                bytes = 0;
            }
            if (bytes != end - begin) {
                throw refuse(
                        name,
                        "of type " + dtype + " and shape " + shape + " needs " + bytes
                                + " bytes, its data_offsets give " + (end - begin));
            }
            return new Entry(dtype, shape.stream().mapToLong(Long::longValue).toArray(), begin, end);
        }

        private DType dtype(String name) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw refuse(name, "has a dtype that is no string");
            }
            String text = parser.getString();
            for (DType known : DType.values()) {
                if (known.name().equals(text)) {
                    return known;
                }
            }
            throw refuse(
                    name,
                    OTHER_DTYPES.contains(text)
                            ? "has dtype " + text + ", which this version does not read; convert it to F32"
                            : "has the unknown dtype \"" + shorten(text) + "\"");
        }

        private List<Long> numbers(String name, String field, int most) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw refuse(name, "has a " + field + " that is no list");
            }
            List<Long> found = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                    throw refuse(name, "has a " + field + " with an entry that is no whole number");
                }
                BigInteger number = parser.getBigIntegerValue();
                if (number.signum() < 0 || number.bitLength() > 63) {
                    throw refuse(
                            name,
                            "has a " + field + " with the entry " + shorten(number.toString())
                                    + ", outside 0 to 2^63 - 1");
                }
                if (found.size() == most) {
                    throw refuse(name, "has a " + field + " of more than " + most + " entries");
                }
                found.add(number.longValueExact());
            }
            return found;
        }

        private InputRefused refuse(String name, String problem) {
            return new InputRefused(origin + ": tensor " + name + " " + problem);
        }

        private static String shorten(String text) {
            return text.length() <= 120 ? text : text.substring(0, 120) + "...";
        }
    }
}
