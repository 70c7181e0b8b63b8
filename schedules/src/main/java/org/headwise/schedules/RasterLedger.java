package org.headwise.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.headwise.model.Geometry;

/** The ledger of a raster model, whose kv heads read one token a step and keep each its own number of them together. */
final class RasterLedger {
    private RasterLedger() {}

    /** As {@link TokenLedger#of}. */
    static TokenLedger of(Geometry geometry, List<Rule> rules, IntUnaryOperator room) {
        Keeping[][] heads = new Keeping[geometry.layers()][geometry.kvHeads()];
        for (Rule rule : rules) {
            if (rule instanceof HeadKeeps head) {
                heads[head.layer()][head.kvHead()] = head.keeping();
            }
        }
        List<Long> peaks = new ArrayList<>();
        List<Long> attended = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        int prompt = geometry.promptTokens();
        int steps = geometry.steps().size();
        long held = 0;
        for (int step = 0; step < steps; step++) {
            long peak = held;
            long most = 0;
            for (Keeping[] layer : heads) {
                long after = held;
                for (Keeping keeping : layer) {
                    int before = step == 0 ? 0 : held(keeping, prompt, step - 1);
                    held += room.applyAsInt(before + geometry.tokens(step)) - room.applyAsInt(before);
                    int left = step == steps - 1 ? before : held(keeping, prompt, step);
                    after += room.applyAsInt(left) - room.applyAsInt(before);
                }
                peak = Math.max(peak, held);
                held = after;
                most = Math.max(most, held);
            }
            peaks.add(peak);
            attended.add(most);
            ends.add(held);
        }
        return new TokenLedger(peaks, attended, ends);
    }

    private static int held(Keeping keeping, int prompt, int step) {
        return keeping == null ? prompt + step : keeping.held(prompt, step);
    }
}
