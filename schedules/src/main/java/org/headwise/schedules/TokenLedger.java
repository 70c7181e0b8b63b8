package org.headwise.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.headwise.attention.Ledger;
import org.headwise.model.Geometry;

/**
 * What a schedule keeps, in tokens (one key and one value of one kv head) over all layers and kv heads of one batch row.
 *
 * @param peak the most that is held at any moment of each step
 * @param attended the most that is held in each step whenever the attention of a layer is over
 * @param end what is held when each step is over
 */
public record TokenLedger(List<Long> peak, List<Long> attended, List<Long> end) {
    public TokenLedger {
        peak = List.copyOf(peak);
        attended = List.copyOf(attended);
        end = List.copyOf(end);
    }

    /**
     * Walks through the moments of a generation under these rules. The last step is held in its own layer only.
     *
     * @param room what so many tokens of one kv head that lie together count as
     */
    static TokenLedger of(Geometry geometry, List<Rule> rules, IntUnaryOperator room) {
        if (geometry.raster() != null) {
            return RasterLedger.of(geometry, rules, room);
        }
        int steps = geometry.steps().size();
        int layers = geometry.layers();
        // released[step][1 + layer]: tokens that go at that moment; index 0 is the moment before the step.
        long[][] released = new long[steps][layers + 1];
        for (Rule rule : rules) {
            switch (rule) {
                case EvictScale evict ->
                    released[evict.afterStep()][1 + evict.afterLayer()] +=
                            room.applyAsInt(geometry.tokens(evict.source()));
                case Capacity capacity -> {}
                case HeadKeeps head -> throw new IllegalStateException("no rule of a next-scale model: " + head);
            }
        }
        cut(geometry, rules, released, room);
        List<Long> peaks = new ArrayList<>();
        List<Long> attended = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        long held = 0;
        for (int step = 0; step < steps; step++) {
            long added = (long) geometry.kvHeads() * room.applyAsInt(geometry.tokens(step));
            long peak = held;
            long most = 0;
            held -= released[step][0];
            for (int layer = 0; layer < layers; layer++) {
                held += added;
                peak = Math.max(peak, held);
                held -= released[step][1 + layer];
                if (step == steps - 1) {
                    held -= added;
                }
                most = Math.max(most, held);
            }
            peaks.add(peak);
            attended.add(most);
            ends.add(held);
        }
        return new TokenLedger(peaks, attended, ends);
    }

    /** Adds what the capacities of a layer take away at each step; the tokens that stay then lie together. */
    private static void cut(Geometry geometry, List<Rule> rules, long[][] released, IntUnaryOperator room) {
        List<LayerCapacities> layers = LayerCapacities.of(geometry, rules);
        for (int layer = 0; layer < layers.size(); layer++) {
            if (layers.get(layer) != null) {
                for (LayerCapacities.Alike heads : layers.get(layer).heads()) {
                    int[] held = heads.held();
                    long taken = 0;
                    for (int step = 0; step < held.length - 1; step++) {
                        int found = (step == 0 ? 0 : held[step - 1]) + geometry.tokens(step);
                        taken += room.applyAsInt(geometry.tokens(step));
                        if (held[step] < found) {
                            long left = room.applyAsInt(held[step]);
                            released[step][1 + layer] += heads.count() * (taken - left);
                            taken = left;
                        }
                    }
                }
            }
        }
    }

    /** The most that is held at any moment. */
    public long mostHeld() {
        return peak.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The most that is held whenever the attention of a layer is over: what HeatKV's budget is about. */
    public long mostAttended() {
        return attended.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The most that is held when a step is over: what later steps find, and what ScaleKV's budget is about. */
    public long mostKept() {
        return end.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /**
     * The same in bytes.
     *
     * @param rows batch rows
     * @param elementBytes bytes of one stored number
     */
    public Ledger bytes(Geometry geometry, int rows, int elementBytes) {
        long each = 2L * geometry.headDim() * elementBytes * rows;
        return new Ledger(
                peak.stream().map(tokens -> tokens * each).toList(),
                end.stream().map(tokens -> tokens * each).toList());
    }
}
