package org.headwise.schedules.runtime;

import org.headwise.attention.Ledger;
import org.headwise.model.Geometry;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/** What a {@link RasterCache} will hold, to the byte, before it runs: how many images fit can be told in advance. */
public final class RasterForecast {
    private static final int MOST_TOKENS = 32;
    private static final double WASTE = 0.05;

    private RasterForecast() {}

    /**
     * The ledger of a generation.
     *
     * @param promptTokens tokens of every row's prompt
     * @param rows batch rows: two per image with guidance
     * @param pageTokens tokens of one page
     */
    public static Ledger of(Schedule schedule, int promptTokens, int rows, Storage storage, int pageTokens) {
        return schedule.predicted(promptTokens, tokens -> Math.ceilDiv(tokens, pageTokens) * pageTokens)
                .bytes(schedule.geometry(), rows, storage.bytes());
    }

    /** The rules by layer and kv head; null for kv heads that keep everything. */
    static HeadKeeps[][] rules(Schedule schedule) {
        Geometry geometry = schedule.geometry();
        HeadKeeps[][] rules = new HeadKeeps[geometry.layers()][geometry.kvHeads()];
        for (Rule rule : schedule.rules()) {
            if (rule instanceof HeadKeeps head) {
                rules[head.layer()][head.kvHead()] = head;
            }
        }
        return rules;
    }

    /**
     * How many tokens a page should hold: the largest power of two up to 32 with which the half-empty last pages waste
     * about a twentieth of what a kv head holds in the end, at most.
     */
    public static int pageTokens(Schedule schedule) {
        Geometry geometry = schedule.geometry();
        double heads = (double) geometry.layers() * geometry.kvHeads();
        double tokens = schedule.predicted().mostKept() / heads;
        int pageTokens = MOST_TOKENS;
        while (pageTokens > 1 && pageTokens / 2.0 > WASTE * tokens) {
            pageTokens /= 2;
        }
        return pageTokens;
    }
}
