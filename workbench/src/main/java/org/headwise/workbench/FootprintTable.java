package org.headwise.workbench;

import java.util.Locale;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.Footprint;
import org.headwise.schedules.runtime.Footprint.Meaning;
import org.headwise.schedules.runtime.Storage;
import org.headwise.workbench.TextTable.Column;

/** One schedule in every meaning that a budget can have, with the bytes of one image. */
final class FootprintTable {
    /** Batch rows of an image with guidance. */
    static final int GUIDED = 2;

    private FootprintTable() {}

    /** Below what was planned: its budget in every meaning, for one image with guidance. JSON has it in the rows. */
    static void close(Session session, Schedule schedule, JsonOption json) {
        if (!json.wanted) {
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
