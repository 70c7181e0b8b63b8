package org.headwise.schedules.runtime;

import org.headwise.attention.Ledger;
import org.headwise.model.Geometry;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/** What a {@link RasterCache} will hold, to the byte, before it runs: how many images fit can be told in advance. */
public final class RasterForecast {
    private static final int MOST_TOKENS = 16;
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
        Geometry geometry = schedule.geometry().withPrompt(promptTokens);
        HeadKeeps[][] rules = rules(schedule);
        LedgerRecorder recorder = new LedgerRecorder();
        long page = 2L * pageTokens * geometry.headDim() * storage.bytes() * rows;
        int steps = geometry.steps().size();
        long held = 0;
        for (int step = 0; step < steps; step++) {
            for (HeadKeeps[] heads : rules) {
                recorder.see(step, held * page);
                long least = held;
                for (HeadKeeps rule : heads) {
                    long before = pages(rule, promptTokens, step - 1, pageTokens);
                    long most =
                            (held(rule, promptTokens, step - 1) + geometry.tokens(step) + pageTokens - 1) / pageTokens;
                    held += most - before;
                    least += step == steps - 1 ? 0 : pages(rule, promptTokens, step, pageTokens) - before;
                }
                recorder.see(step, held * page);
                held = least;
            }
            recorder.end(step, held * page);
        }
        return recorder.ledger();
    }

    private static long pages(HeadKeeps rule, int promptTokens, int step, int pageTokens) {
        return (held(rule, promptTokens, step) + pageTokens - 1) / pageTokens;
    }

    private static long held(HeadKeeps rule, int promptTokens, int step) {
        if (step < 0) {
            return 0;
        }
        return rule == null ? promptTokens + step : rule.keeping().held(promptTokens, step);
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
     * How many tokens a page should hold: the largest power of two up to 16 with which the half-empty last pages waste
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
