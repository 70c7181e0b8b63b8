package org.headwise.schedules.runtime;

import java.util.function.IntUnaryOperator;
import org.headwise.attention.Ledger;
import org.headwise.schedules.Schedule;

/**
 * The bytes that {@link CompressedCache} will allocate for a schedule, to the byte, before anything runs: every scale of
 * a kv head, and the tokens that a cut left of one, begin a page of their own.
 */
public final class PageLedger {
    private PageLedger() {}

    /** With pages of the size that {@link PageSize} gives the geometry. */
    public static Ledger of(Schedule schedule, int rows, Storage storage) {
        return of(schedule, rows, storage, PageSize.of(schedule.geometry()));
    }

    /**
     * What {@link CompressedCache#ledger} will say after one generation.
     *
     * @param rows batch rows, 2 per image with guidance
     * @param pageTokens tokens of one page
     */
    public static Ledger of(Schedule schedule, int rows, Storage storage, int pageTokens) {
        return schedule.predicted(room(pageTokens)).bytes(schedule.geometry(), rows, storage.bytes());
    }

    /** The tokens that the pages of so many tokens have room for. */
    static IntUnaryOperator room(int pageTokens) {
        return tokens -> Math.ceilDiv(tokens, pageTokens) * pageTokens;
    }
}
