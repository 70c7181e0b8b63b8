package org.headwise.attention;

/**
 * Code that looks at attention while a model runs. Blocks of different heads may arrive at the same time from several
 * threads; blocks of one head arrive one after another, rows and queries in ascending order, whatever the number of
 * threads, so sums kept per head are reproducible to the bit.
 */
@FunctionalInterface
public interface AttentionObserver {
    /** Whether blocks of this guidance row are wanted at all; others are then never handed over. */
    default boolean wants(Guidance guidance) {
        return true;
    }

    void observe(AttentionBlock block);
}
