package org.headwise.schedules.methods;

import java.util.Locale;
import org.headwise.files.InputRefused;

/**
 * How many tokens spatial and semantic heads keep: W and M of SSD (arXiv 2510.18716), whose mean over the heads is the
 * budget. The paper does not say how it sets them; where one is given, the other gets what it leaves.
 *
 * @param window tokens of a spatial head (W)
 * @param best tokens of a semantic head (M)
 */
record SsdSizes(int window, int best) {
    /** Stands for a number that the budget decides. */
    static final int OPEN = -1;

    /**
     * Fills in what is open for given classes.
     *
     * @param mean tokens of a kv head that the budget allows on average
     * @param most tokens that a head can hold at all
     */
    SsdSizes within(HeadClasses classes, int mean, int most) {
        long all = (long) classes.count() * mean;
        long spatial = classes.spatialHeads();
        long semantic = classes.semanticHeads();
        if (window == OPEN && best == OPEN) {
            return new SsdSizes(mean, mean);
        }
        if (best == OPEN) {
            return new SsdSizes(window, rest(all - spatial * window, semantic, most, "w", window, "semantic"));
        }
        if (window == OPEN) {
            return new SsdSizes(rest(all - semantic * best, spatial, most, "m", best, "spatial"), best);
        }
        if (spatial * window + semantic * best > all) {
            throw new InputRefused(String.format(
                    Locale.ROOT,
                    "ssd: with w %d and m %d, %d spatial and %d semantic heads keep %.2f tokens on average, "
                            + "but the budget allows %d; make one of them smaller, or leave it to the budget",
                    window,
                    best,
                    spatial,
                    semantic,
                    (double) (spatial * window + semantic * best) / classes.count(),
                    mean));
        }
        return this;
    }

    private static int rest(long left, long heads, int most, String name, int value, String others) {
        if (heads == 0) {
            if (left < 0) {
                throw new InputRefused(
                        "ssd: " + name + " " + value + " is more than the budget allows, and there are no " + others
                                + " heads that could keep less; make it smaller");
            }
            return most;
        }
        if (left < heads) {
            throw new InputRefused("ssd: " + name + " " + value + " leaves less than one token for each of the " + heads
                    + " " + others + " heads; make it smaller, or the budget larger");
        }
        return (int) Math.min(most, left / heads);
    }

    /**
     * How many heads may be spatial, so that the mean is as near below the budget as it gets.
     *
     * @param heads all of them
     * @throws InputRefused unless both numbers are given, and the budget lies between them
     */
    int spatialHeads(int heads, int mean) {
        if (window == OPEN || best == OPEN || window == best) {
            throw new InputRefused("ssd: the split that fits a budget needs options w and m, set to two"
                    + " numbers with the budget's " + mean + " tokens between them");
        }
        if (Math.min(window, best) > mean || Math.max(window, best) < mean) {
            throw new InputRefused("ssd: no split of the heads fits the budget of " + mean
                    + " tokens a kv head, which is not between w " + window + " and m " + best);
        }
        int more = Math.max(window, best);
        int less = Math.min(window, best);
        int large = (int) ((long) heads * (mean - less) / (more - less));
        return window > best ? large : heads - large;
    }
}
