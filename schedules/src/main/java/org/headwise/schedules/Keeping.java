package org.headwise.schedules;

/**
 * Which tokens a kv head of a raster model keeps from step to step. Tokens are counted from 0 through the prompt and the
 * image. What was given up is gone for good. A step always sees its own token as well, whatever is kept.
 */
public sealed interface Keeping {
    /** Whether all prompt tokens stay and count for nothing; else they compete with the others. */
    boolean promptKept();

    /**
     * How many tokens stay once the attention of a step is over: the same for every image, whatever is on it.
     *
     * @param promptTokens tokens of the prompt, which step 0 reads
     */
    int held(int promptTokens, int step);

    /**
     * The first tokens of the sequence and the newest ones: a window, or a sink and a window (StreamingLLM, arXiv
     * 2309.17453).
     *
     * @param first how many of the first tokens of the sequence stay
     * @param tokens how many of the newest a step sees, its own included: one fewer stay between steps; at least 1
     * @param renumbered whether positions are given anew at each step, 0, 1, 2, ... over the tokens that it sees
     */
    record Newest(int first, int tokens, boolean promptKept, boolean renumbered) implements Keeping {
        @Override
        public int held(int promptTokens, int step) {
            int fixed = fixed(promptTokens);
            return Math.min(promptTokens + step, fixed + tokens - 1);
        }

        /** Tokens at the start of the sequence that never go. */
        public int fixed(int promptTokens) {
            return promptKept ? Math.max(first, promptTokens) : first;
        }
    }

    /**
     * The newest tokens, and of the others those that received most attention since they were made: the sum over all
     * queries so far, the prompt's and the token's own included, and over the query heads of the kv head (H2O, arXiv
     * 2306.14048). Of equal sums that of the lower token wins.
     *
     * @param best how many of the others stay
     * @param recent how many of the newest stay in any case
     * @param paired whether both guidance rows of an image decide together, by the sum of their sums
     * @param refresh after how many image tokens the choice is made anew; what is made in between stays until then, in
     *     addition. 1 chooses after every step, the width of the image after every row
     */
    record Heaviest(int best, int recent, boolean promptKept, boolean paired, int refresh) implements Keeping {
        @Override
        public int held(int promptTokens, int step) {
            return chosenEvery(refresh, best + recent, promptKept, promptTokens, step);
        }
    }

    /**
     * The newest tokens that make an observation window, and of the others those that received most attention from the
     * window's queries, summed over them and the query heads of the kv head and pooled along the tokens that are held
     * (SnapKV, arXiv 2404.14469, carried out while an image is made). Of equal sums that of the lower token wins.
     *
     * @param tokens how many stay, those of the window included
     * @param window how many of the newest queries are looked at, and of the newest tokens stay; at most {@code tokens}
     * @param kernel odd width of the pooling
     * @param refresh as in {@link Heaviest}
     */
    record Observed(int tokens, int window, int kernel, Pooling pooling, boolean promptKept, int refresh)
            implements Keeping {
        @Override
        public int held(int promptTokens, int step) {
            return chosenEvery(refresh, tokens, promptKept, promptTokens, step);
        }
    }

    /**
     * Any of the tokens made so far, all equally likely; the same in every batch row.
     *
     * @param seed of the random numbers, which also depend on layer and kv head
     */
    record Chance(int tokens, long seed, boolean promptKept) implements Keeping {
        @Override
        public int held(int promptTokens, int step) {
            return chosenEvery(1, tokens, promptKept, promptTokens, step);
        }
    }

    private static int chosenEvery(int refresh, int tokens, boolean promptKept, int promptTokens, int step) {
        int aside = promptKept ? promptTokens : 0;
        int since = step % refresh;
        return aside + Math.min(promptTokens + step - since - aside, tokens) + since;
    }
}
