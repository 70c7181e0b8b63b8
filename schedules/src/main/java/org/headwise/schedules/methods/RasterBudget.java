package org.headwise.schedules.methods;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;

/** What methods have in common on raster models, where a budget is a share of the image's tokens. */
final class RasterBudget {
    private RasterBudget() {}

    /** The same share, of image tokens. */
    static Budget of(Budget budget) {
        return new Budget(budget.share(), Budget.Meaning.IMAGE_TOKENS);
    }

    /** Whether the budget takes nothing away: the last image token is never read, so none is missing. */
    static boolean keepsAll(Budget budget, Geometry geometry) {
        return budget.imageTokens(geometry) >= geometry.raster().tokens() - 1;
    }

    /**
     * Tokens that every kv head may hold, if all hold the same.
     *
     * @param least fewer cannot be planned
     * @param why what needs them, for the message
     */
    static int perHead(Budget budget, Geometry geometry, int least, String why) {
        int tokens = budget.imageTokens(geometry);
        if (tokens < least) {
            // A share of half a token less is rounded up to it.
            BigDecimal smallest = BigDecimal.valueOf(least - 0.5)
                    .divide(BigDecimal.valueOf(geometry.raster().tokens()), 12, RoundingMode.CEILING);
            throw new InputRefused("budget " + budget.percent() + " leaves " + tokens + " of "
                    + geometry.raster().tokens() + " image tokens a kv head, fewer than " + why
                    + "; the smallest feasible budget is "
                    + smallest.stripTrailingZeros().toPlainString());
        }
        return tokens;
    }

    /** Refuses a method that is for next-scale models only. */
    static void refuse(Geometry geometry, String method, String why) {
        if (geometry.raster() != null) {
            throw new InputRefused(
                    method + " " + why + ", and " + geometry.family() + " makes its image token by token; use ssd, h2o,"
                            + " snapkv, pyramidkv, streaming, window or random");
        }
    }
}
