package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.Ledger;

/** Notes how many bytes are held while a generation runs. */
final class LedgerRecorder {
    private final List<Long> peak = new ArrayList<>();
    private final List<Long> end = new ArrayList<>();

    /** So much is held at some moment of a step. */
    void see(int step, long bytes) {
        if (peak.size() == step) {
            peak.add(bytes);
        }
        peak.set(step, Math.max(peak.get(step), bytes));
    }

    /** So much is held when a step is over; the last of several parts of a batch has the last word. */
    void end(int step, long bytes) {
        see(step, bytes);
        if (end.size() == step) {
            end.add(bytes);
        }
        end.set(step, bytes);
    }

    Ledger ledger() {
        return new Ledger(peak, end);
    }
}
