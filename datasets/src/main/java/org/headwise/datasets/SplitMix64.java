package org.headwise.datasets;

/**
 * The SplitMix64 generator (Steele, Lea, Flood 2014: "Fast splittable pseudorandom number generators", figure 16), spelt
 * out so that a seed means the same draws on every Java version.
 */
public final class SplitMix64 {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    public SplitMix64(long seed) {
        state = seed;
    }

    public long next() {
        state += GAMMA;
        long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** A whole number from 0 to {@code bound - 1}, all equally likely: the high word of a product, uneven draws redrawn. */
    public int below(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("nothing lies below " + bound);
        }
        long uneven = (1L << 32) % bound;
        long product;
        do {
            product = (next() >>> 32) * bound;
        } while ((product & 0xffffffffL) < uneven);
        return (int) (product >>> 32);
    }
}
