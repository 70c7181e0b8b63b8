package org.headwise.analysis;

import org.headwise.attention.AttentionBlock;

/** A statistic that works on a {@link BlockDigest}, which it shares with others when observed together. */
interface DigestedStatistic extends Statistic {
    /** Adds what the digest's block holds; touches the cells of that block's head only. */
    void observe(BlockDigest digest);

    @Override
    default void observe(AttentionBlock block) {
        observe(new BlockDigest(geometry()).read(block));
    }
}
