package org.headwise.schedules.runtime;

/**
 * A choice of tokens in one kv head of one batch row, before it is carried out. Numbers of tokens are indices among the
 * keys held, in their order.
 *
 * @param held keys held
 * @param scores [held] what the tokens were ranked by, negative infinity for those of the window; null where positions
 *     alone decide
 * @param window tokens that stay in any case, ascending
 * @param kept tokens that stay, those of the window included, ascending; one may come more than once
 */
public record TokenCut(int layer, int step, int row, int kvHead, int held, double[] scores, int[] window, int[] kept) {
    /** Looks at every cut of a cache; for comparisons with recorded runs. */
    @FunctionalInterface
    public interface Audit {
        /** The tokens that shall stay instead: {@link #kept} if nothing is to be changed. */
        int[] check(TokenCut cut);
    }
}
