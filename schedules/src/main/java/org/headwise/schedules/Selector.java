package org.headwise.schedules;

import java.util.Set;

/** By what a {@link Capacity} chooses the tokens that stay. */
public sealed interface Selector {
    /** Whether it looks at the queries of the step. */
    boolean looksAtQueries();

    /**
     * The first tokens of the sequence and the newest ones; positions alone decide.
     *
     * @param first how many of the first tokens stay; the rest of the capacity goes to the newest
     */
    record Recent(int first) implements Selector {
        @Override
        public boolean looksAtQueries() {
            return false;
        }
    }

    /**
     * Any tokens, all equally likely; the same for every batch row.
     *
     * @param seed of the random numbers, which also depend on step, layer and kv head
     */
    record Chance(long seed) implements Selector {
        @Override
        public boolean looksAtQueries() {
            return false;
        }
    }

    /**
     * The observation window, and the tokens that its queries attend to most: attention summed over the window and the
     * query heads of the kv head, pooled along the sequence (SnapKV; ScaleKV as its paper has it).
     *
     * @param placement where the window lies
     * @param window queries in it; a capacity below it, or a smaller grid, makes it smaller
     * @param kernel odd width of the pooling
     * @param released what is done as by ScaleKV's released code; usually nothing
     */
    record Observed(Placement placement, int window, int kernel, Pooling pooling, Set<ReleasedTrait> released)
            implements Selector {
        public Observed {
            released = Set.copyOf(released);
        }

        /** As the papers have it. */
        public Observed(Placement placement, int window, int kernel, Pooling pooling) {
            this(placement, window, kernel, pooling, Set.of());
        }

        @Override
        public boolean looksAtQueries() {
            return true;
        }
    }

    /**
     * The newest tokens, and those that received most attention since they were made, from all queries of all steps and
     * query heads of the kv head together (H2O).
     *
     * @param recent how many of the newest stay in any case
     */
    record HeavyHitters(int recent) implements Selector {
        @Override
        public boolean looksAtQueries() {
            return false;
        }
    }

    /**
     * The first tokens of the sequence, then those of the newest step, then any others; where only some of the newest step
     * or of the others have room, those that a few queries of the step attend to most, in all query heads of the kv head
     * together (HACK).
     *
     * @param placement where these queries lie
     * @param queries how many there are; a smaller grid has fewer
     * @param first how many of the first tokens stay
     * @param newest whether the tokens of the newest step come before others
     */
    record Sampled(Placement placement, int queries, int first, boolean newest) implements Selector {
        @Override
        public boolean looksAtQueries() {
            return true;
        }
    }

    /**
     * ScaleKV as its released code has it, which differs from the paper: see {@code docs/methods/scalekv.md}. It starts
     * to cut when a layer first holds more than {@code base} tokens and then goes on, also in the next image, until
     * step {@code clearsAfter} is over.
     *
     * @param window queries in the observation window, and tokens that stay in any case
     * @param base tokens that a layer may hold before anything is cut
     * @param kernel width of the pooling
     * @param clearsAfter the step after which the layer starts anew: 12 in the released code, whatever the model
     */
    record Released(int window, int base, int kernel, Pooling pooling, int clearsAfter) implements Selector {
        @Override
        public boolean looksAtQueries() {
            return true;
        }
    }
}
