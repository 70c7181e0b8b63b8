package org.headwise.schedules.methods;

import java.util.List;
import org.headwise.model.Geometry;

/**
 * How many heads HeatKV removes from every prunable source scale, step by step: what the steps find in the cache must
 * fit the budget (HeatKV {@code pruned_heads_for_budget}). Numbers are computed in the very order of the released
 * program, because rounding up turns a last bit into a head.
 */
public final class HeatCounts {
    /** Slack that the released program gives to a budget that is exactly the protected share. */
    static final double SLACK = 1e-12;

    private HeatCounts() {}

    /**
     * Heads removed, of all layers together, when each step starts.
     *
     * @param share the budget, 0 to 1
     * @param retained tokens that every head keeps
     * @return one count per step, 0 to layers x heads
     * @throws Infeasible if the retained tokens alone are more than the share
     */
    public static int[] of(Geometry geometry, double share, int retained) {
        int steps = geometry.steps().size();
        int slots = geometry.layers() * geometry.kvHeads();
        int[] counts = new int[steps];
        int full = geometry.incomingTokens();
        if (full <= 0) {
            return counts;
        }
        if (share + SLACK < smallest(Math.min(retained, full), full)) {
            throw new Infeasible("is less than the protected tokens take");
        }
        double allowed = share * full;
        for (int step = 0; step < steps; step++) {
            int incoming = geometry.firstToken(step);
            int kept = Math.min(retained, incoming);
            if (incoming <= allowed) {
                continue;
            }
            if (incoming == kept) {
                throw new Infeasible("cannot be met at step " + step);
            }
            double needed = Math.ceil(slots * (incoming - allowed) / (incoming - kept));
            counts[step] = (int) Math.max(0, Math.min(slots, needed));
        }
        return counts;
    }

    /** The share of the full cache that the retained tokens take. */
    static double smallest(int retained, int full) {
        return (double) retained / full;
    }

    /** A budget cannot be met; the message is the end of a sentence about the budget. */
    public static final class Infeasible extends RuntimeException {
        private static final long serialVersionUID = 1;

        Infeasible(String message) {
            super(message);
        }
    }

    /** Counts as a list, for files. */
    static List<Integer> list(int[] counts) {
        return java.util.Arrays.stream(counts).boxed().toList();
    }
}
