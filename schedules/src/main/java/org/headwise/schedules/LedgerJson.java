package org.headwise.schedules;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.headwise.attention.Ledger;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The predicted ledger in a schedule file. Tokens are over all layers and kv heads of one batch row; the bytes beside
 * them are those of one storage type and number of rows, named there, for readers who want no arithmetic.
 */
final class LedgerJson {
    /** The released models run with two rows per image (guidance) and 16-bit numbers. */
    private static final int ROWS = 2;

    private static final String STORAGE = "BF16";
    private static final int ELEMENT_BYTES = 2;
    private static final Set<String> FIELDS = Set.of(
            "peak_tokens", "end_tokens", "full_tokens", "storage", "rows", "peak_bytes", "end_bytes", "full_bytes");

    private LedgerJson() {}

    static ObjectNode write(Schedule schedule) {
        TokenLedger tokens = schedule.predicted();
        Ledger bytes = tokens.bytes(schedule.geometry(), ROWS, ELEMENT_BYTES);
        ObjectNode out = Json.object();
        numbers(out, "peak_tokens", tokens.peak());
        numbers(out, "end_tokens", tokens.end());
        numbers(out, "full_tokens", full(schedule));
        out.put("storage", STORAGE);
        out.put("rows", ROWS);
        numbers(out, "peak_bytes", bytes.peakBytes());
        numbers(out, "end_bytes", bytes.endBytes());
        long each = 2L * schedule.geometry().headDim() * ELEMENT_BYTES * ROWS;
        numbers(
                out,
                "full_bytes",
                full(schedule).stream().map(held -> held * each).toList());
        return out;
    }

    /** Refuses a ledger that is not the one of the rules: one of the two was changed. */
    static void check(JsonFields fields, Schedule schedule) {
        fields.only(FIELDS);
        ObjectNode expected = write(schedule);
        for (String name : FIELDS) {
            JsonNode found = fields.node().get(name);
            if (found == null) {
                throw fields.refuse(name, "this field is missing");
            }
            if (!Json.line(found).equals(Json.line(expected.get(name)))) {
                throw fields.refuse(
                        name, "this is not what the rules lead to; the schedule was edited or damaged, make it again");
            }
        }
    }

    /** Tokens that a full cache holds when each step is over, the last one included. */
    private static List<Long> full(Schedule schedule) {
        var geometry = schedule.geometry();
        return LongStream.rangeClosed(1, geometry.steps().size())
                .map(steps -> (long) geometry.layers() * geometry.kvHeads() * geometry.firstToken((int) steps))
                .boxed()
                .toList();
    }

    private static void numbers(ObjectNode out, String name, List<Long> values) {
        ArrayNode array = out.putArray(name);
        values.forEach(array::add);
    }
}
