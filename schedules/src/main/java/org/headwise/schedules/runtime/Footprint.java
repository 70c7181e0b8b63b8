package org.headwise.schedules.runtime;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.attention.Ledger;
import org.headwise.model.Geometry;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.TokenLedger;

/**
 * What a schedule takes, in every meaning that a budget can have: see {@code docs/budgets.md}. Tokens are over all layers
 * and kv heads of one batch row.
 *
 * @param tokens the ledger that the rules lead to
 * @param slots the same with the unfilled rest of pages
 * @param pageTokens tokens of one page
 */
public record Footprint(Geometry geometry, TokenLedger tokens, TokenLedger slots, int pageTokens) {
    /** A meaning of a budget. All are fixed before anything runs. */
    public enum Meaning {
        /** The most that is held when a step is over (ScaleKV's 10%). */
        BETWEEN_STEPS("between steps"),
        /** The most that is held whenever the attention of a layer is over (HeatKV's 10%). */
        PEAK_INCOMING("peak incoming"),
        /** The most that is held at any moment, the current step's tokens of the layer that attends included. */
        PEAK_LIVE("peak live"),
        /** The most that pages of the runtime have room for at any moment. */
        ALLOCATED("allocated");

        private final String words;

        Meaning(String words) {
            this.words = words;
        }

        /** For tables. */
        public String words() {
            return words;
        }
    }

    /** Of a raster model with a prompt of one token. */
    public static Footprint of(Schedule schedule) {
        int page = schedule.geometry().raster() == null
                ? PageSize.of(schedule.geometry())
                : RasterForecast.pageTokens(schedule);
        return new Footprint(
                schedule.geometry(), schedule.predicted(), schedule.predicted(PageLedger.room(page)), page);
    }

    /** All meanings by name in lower case, in tokens: what an evaluation notes of a schedule. */
    public SortedMap<String, Long> byMeaning() {
        SortedMap<String, Long> tokensOf = new TreeMap<>();
        for (Meaning meaning : Meaning.values()) {
            tokensOf.put(meaning.name().toLowerCase(Locale.ROOT), tokens(meaning));
        }
        return tokensOf;
    }

    /** In tokens; for {@link Meaning#ALLOCATED} the tokens that the pages have room for. */
    public long tokens(Meaning meaning) {
        return switch (meaning) {
            case BETWEEN_STEPS -> tokens.mostKept();
            case PEAK_INCOMING -> tokens.mostAttended();
            case PEAK_LIVE -> tokens.mostHeld();
            case ALLOCATED -> slots.mostHeld();
        };
    }

    /**
     * What it is a share of: the tokens that the last step of a full cache finds, for the first two; for the others all
     * tokens, the last step's included, which a cache that never releases anything holds in the end.
     */
    public long full(Meaning meaning) {
        long units = (long) geometry.layers() * geometry.kvHeads();
        return switch (meaning) {
            case BETWEEN_STEPS, PEAK_INCOMING -> units * geometry.incomingTokens();
            case PEAK_LIVE, ALLOCATED -> units * geometry.totalTokens();
        };
    }

    /** From 0 to 1; above 1 only where pages have more room than the full cache has tokens. */
    public double share(Meaning meaning) {
        return tokens(meaning) / (double) full(meaning);
    }

    /**
     * In bytes.
     *
     * @param rows batch rows, 2 per image with guidance
     */
    public long bytes(Meaning meaning, int rows, Storage storage) {
        return tokens(meaning) * 2 * geometry.headDim() * storage.bytes() * rows;
    }

    /** Bytes of the tokens themselves, step by step. */
    public Ledger held(int rows, Storage storage) {
        return tokens.bytes(geometry, rows, storage.bytes());
    }

    /** Bytes that the runtime allocates, step by step. */
    public Ledger allocated(int rows, Storage storage) {
        return slots.bytes(geometry, rows, storage.bytes());
    }
}
