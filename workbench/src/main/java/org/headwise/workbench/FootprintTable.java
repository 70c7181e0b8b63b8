package org.headwise.workbench;

import java.util.Locale;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.compare.FootprintJson;
import org.headwise.schedules.runtime.Footprint;
import org.headwise.schedules.runtime.Footprint.Meaning;
import org.headwise.schedules.runtime.Storage;
import org.headwise.workbench.TextTable.Column;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One schedule in every meaning that a budget can have, with the bytes of one image. */
final class FootprintTable {
    /** Batch rows of an image with guidance. */
    static final int GUIDED = 2;

    private FootprintTable() {}

    /** What was planned, and below it its budget in every meaning; JSON has that as {@code meanings}. */
    static void print(Session session, Schedule schedule, JsonOption json) {
        TextTable planned = new ScheduleTable().add(schedule).table();
        if (json.wanted) {
            ArrayNode rows = planned.json();
            ((ObjectNode) rows.get(0)).set("meanings", FootprintJson.write(Footprint.of(schedule), GUIDED));
            session.printJson(rows);
        } else {
            session.print(planned, json);
            session.print("");
            of(Footprint.of(schedule), GUIDED).lines().forEach(session::print);
            session.print("Tokens are of one batch row, bytes of " + GUIDED
                    + " (one image with guidance); evaluate measures the process peak");
        }
    }

    static TextTable of(Footprint footprint, int rows) {
        TextTable table = new TextTable(
                Column.of("meaning", "budget in this meaning"),
                new Column("tokens", "tokens", "%,d"),
                new Column("share", "% of full", "%.3f"),
                new Column("bytes_f32", "bytes in F32", "%,d"),
                new Column("bytes_bf16", "BF16 or F16", "%,d"),
                Column.of("of", "the most that is held"));
        for (Meaning meaning : Meaning.values()) {
            table.row(
                    meaning.words(),
                    footprint.tokens(meaning),
                    100 * footprint.share(meaning),
                    footprint.bytes(meaning, rows, Storage.F32),
                    footprint.bytes(meaning, rows, Storage.BF16),
                    words(meaning, footprint));
        }
        return table;
    }

    private static String words(Meaning meaning, Footprint footprint) {
        return switch (meaning) {
            case BETWEEN_STEPS -> "when a step is over";
            case PEAK_INCOMING -> "whenever a layer has attended";
            case PEAK_LIVE -> "at any moment, the tokens of the layer that attends included";
            case ALLOCATED ->
                String.format(Locale.ROOT, "in pages of %d tokens of the runtime", footprint.pageTokens());
        };
    }
}
