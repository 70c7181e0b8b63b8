package org.headwise.calibrate;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;

/**
 * One finished prompt: a line of {@code journal.jsonl}. The last field of the line is {@code crc32c}, eight hexadecimal
 * digits of the CRC-32C of all bytes before its comma.
 *
 * @param index the prompt's place in the set, from 0
 * @param shard file name of its sums, in the folder {@code profile}
 * @param sha256 of that file
 */
public record JournalRecord(int index, String prompt, long seed, String shard, String sha256) {
    private static final String MARK = ",\"crc32c\":\"";

    /** The line, without a line feed. */
    String line() {
        String whole = Json.line(Json.object()
                .put("index", index)
                .put("prompt", prompt)
                .put("seed", seed)
                .put("shard", shard)
                .put("sha256", sha256));
        String body = whole.substring(0, whole.length() - 1);
        return body + MARK + crc(body.getBytes(StandardCharsets.UTF_8)) + "\"}";
    }

    /** The record of a line, or nothing if the line is torn or damaged. */
    static Optional<JournalRecord> parse(byte[] line) {
        int tail = MARK.length() + 8 + 2;
        if (line.length <= tail) {
            return Optional.empty();
        }
        byte[] body = java.util.Arrays.copyOf(line, line.length - tail);
        String expected = MARK + crc(body) + "\"}";
        String found = new String(line, body.length, tail, StandardCharsets.ISO_8859_1);
        if (!expected.equals(found)) {
            return Optional.empty();
        }
        try {
            JsonFields fields =
                    JsonFields.of(Json.parse(new String(body, StandardCharsets.UTF_8) + "}", "journal"), "journal");
            return Optional.of(new JournalRecord(
                    (int) fields.whole("index", 0, Integer.MAX_VALUE),
                    fields.text("prompt"),
                    fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                    fields.text("shard"),
                    fields.text("sha256")));
        } catch (InputRefused e) {
            return Optional.empty();
        }
    }

    private static String crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
