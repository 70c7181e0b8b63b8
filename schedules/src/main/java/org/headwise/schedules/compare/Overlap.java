package org.headwise.schedules.compare;

import java.util.BitSet;

/**
 * How much two schedules keep in common, added up over kv heads, steps or prompts: the Jaccard index of both unions of
 * tokens, tokens held in both over tokens held in either. Where tokens are chosen while a model runs, sizes and
 * intersection are known within bounds only, and so is the index.
 *
 * @param leastBoth the fewest tokens that both can hold
 * @param mostBoth the most
 * @param leastSum the fewest tokens of the one plus those of the other
 * @param mostSum the most
 */
public record Overlap(long leastBoth, long mostBoth, long leastSum, long mostSum) {
    /** Of no tokens at all. */
    public static final Overlap NONE = new Overlap(0, 0, 0, 0);

    static Overlap of(KnownTokens a, KnownTokens b) {
        if (a.isExact() && b.isExact()) {
            int both = and(a.certain(), b.certain());
            return new Overlap(both, both, (long) a.least() + b.least(), (long) a.most() + b.most());
        }
        BitSet either = (BitSet) a.possible().clone();
        either.or(b.possible());
        // Tokens of the one that the other cannot hold leave less room for common ones.
        int most = Math.min(
                and(a.possible(), b.possible()),
                Math.min(a.most() - andNot(a.certain(), b.possible()), b.most() - andNot(b.certain(), a.possible())));
        int least = Math.max(
                Math.max(and(a.certain(), b.certain()), a.least() + b.least() - either.cardinality()),
                // Those of the one that do not fit beside what the other holds in any case.
                Math.max(a.least() - andNot(a.possible(), b.certain()), b.least() - andNot(b.possible(), a.certain())));
        return new Overlap(least, most, (long) a.least() + b.least(), (long) a.most() + b.most());
    }

    private static int and(BitSet a, BitSet b) {
        BitSet both = (BitSet) a.clone();
        both.and(b);
        return both.cardinality();
    }

    private static int andNot(BitSet a, BitSet b) {
        BitSet only = (BitSet) a.clone();
        only.andNot(b);
        return only.cardinality();
    }

    /** Both together. */
    public Overlap plus(Overlap more) {
        return new Overlap(
                leastBoth + more.leastBoth, mostBoth + more.mostBoth, leastSum + more.leastSum, mostSum + more.mostSum);
    }

    /** Whether {@link #least} and {@link #most} are one number. */
    public boolean isExact() {
        return leastBoth == mostBoth && leastSum == mostSum;
    }

    /** The least that the Jaccard index can be, 0 to 1; NaN where neither holds any token. */
    public double least() {
        return index(leastBoth, mostSum);
    }

    /** The most that it can be. */
    public double most() {
        // So many in common need at least twice as many in the sum.
        if (mostSum == 0) {
            return Double.NaN;
        }
        return mostBoth == 0 ? 0 : index(mostBoth, Math.max(leastSum, 2 * mostBoth));
    }

    private static double index(long both, long sum) {
        return sum == 0 ? Double.NaN : both / (double) (sum - both);
    }
}
