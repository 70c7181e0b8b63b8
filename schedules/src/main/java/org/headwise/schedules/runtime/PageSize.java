package org.headwise.schedules.runtime;

import org.headwise.model.Geometry;

/**
 * How many tokens a page should hold: pages of one scale are not shared with another, so a scale whose tokens do not fill
 * its last page wastes the rest, while long pages copy faster.
 */
public final class PageSize {
    private static final int MOST = 16;
    private static final double WASTE = 0.001;

    private PageSize() {}

    /**
     * The largest power of two up to 16 with which all scales together waste at most a thousandth of the tokens that the
     * last step finds in the cache.
     */
    public static int of(Geometry geometry) {
        int pageTokens = MOST;
        while (pageTokens > 1 && waste(geometry, pageTokens) > WASTE * geometry.incomingTokens()) {
            pageTokens /= 2;
        }
        return pageTokens;
    }

    /** Tokens that part-filled pages of one head leave empty. */
    static int waste(Geometry geometry, int pageTokens) {
        int waste = 0;
        for (int step = 0; step < geometry.steps().size() - 1; step++) {
            waste += Math.floorMod(-geometry.tokens(step), pageTokens);
        }
        return waste;
    }
}
