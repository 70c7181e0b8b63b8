package org.headwise.workbench;

import org.headwise.model.Geometry;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.TokenLedger;
import org.headwise.workbench.TextTable.Column;

/** Schedules as a table: what was asked, what is kept, and the bytes of one prompt without guidance in BF16. */
final class ScheduleTable {
    private static final int BF16_BYTES = 2;

    private final TextTable table = new TextTable(
            Column.of("method", "method"),
            Column.of("budget", "budget"),
            new Column("kept_share", "kept, % of incoming", "%.3f"),
            Column.of("rules", "rules"),
            new Column("peak_bytes", "peak bytes", "%,d"),
            new Column("full_peak_bytes", "full cache", "%,d"),
            new Column("peak_share", "peak, % of full", "%.2f"),
            Column.of("geometry", "geometry"));

    ScheduleTable add(Schedule schedule) {
        Geometry geometry = schedule.geometry();
        TokenLedger ledger = schedule.predicted();
        double incoming = (double) geometry.layers() * geometry.kvHeads() * geometry.incomingTokens();
        long full = (long) geometry.layers() * geometry.kvHeads() * geometry.totalTokens();
        long each = 2L * geometry.headDim() * BF16_BYTES;
        table.row(
                schedule.method(),
                schedule.budget().percent(),
                100 * ledger.mostKept() / incoming,
                schedule.rules().size(),
                ledger.mostHeld() * each,
                full * each,
                100.0 * ledger.mostHeld() / full,
                geometry.fingerprint());
        return this;
    }

    TextTable table() {
        return table;
    }
}
