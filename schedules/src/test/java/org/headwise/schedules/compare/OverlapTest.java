package org.headwise.schedules.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bounds against all pairs of sets that there are. */
class OverlapTest {
    private static final int TOKENS = 6;

    @Test
    void theBoundsAreThoseOfAllPossiblePairs() {
        Random random = new Random(11);
        for (int trial = 0; trial < 400; trial++) {
            KnownTokens a = known(random);
            KnownTokens b = known(random);
            int least = Integer.MAX_VALUE;
            int most = -1;
            for (BitSet x : sets(a)) {
                for (BitSet y : sets(b)) {
                    BitSet both = (BitSet) x.clone();
                    both.and(y);
                    least = Math.min(least, both.cardinality());
                    most = Math.max(most, both.cardinality());
                }
            }
            Overlap overlap = Overlap.of(a, b);
            String where = "trial " + trial + ": " + a + " and " + b;
            assertTrue(overlap.leastBoth() <= least && least <= most && most <= overlap.mostBoth(), where);
            if (a.isExact() && b.isExact()) {
                assertEquals(new Overlap(least, least, a.least() + b.least(), a.least() + b.least()), overlap, where);
            } else if (a.isExact() || b.isExact()) {
                // Against a known set the bounds are reached.
                assertEquals(least, overlap.leastBoth(), where);
                assertEquals(most, overlap.mostBoth(), where);
            }
        }
    }

    private static KnownTokens known(Random random) {
        BitSet possible = new BitSet();
        BitSet certain = new BitSet();
        for (int token = 0; token < TOKENS; token++) {
            possible.set(token, random.nextInt(4) > 0);
            certain.set(token, possible.get(token) && random.nextInt(3) == 0);
        }
        if (random.nextInt(3) == 0) {
            return KnownTokens.exactly(possible);
        }
        int free = possible.cardinality() - certain.cardinality();
        int count = certain.cardinality() + random.nextInt(free + 1);
        return count == possible.cardinality()
                ? KnownTokens.exactly(possible)
                : new KnownTokens(certain, possible, count, count);
    }

    private static List<BitSet> sets(KnownTokens known) {
        List<BitSet> all = new ArrayList<>();
        for (long bits = 0; bits < 1 << TOKENS; bits++) {
            BitSet set = BitSet.valueOf(new long[] {bits});
            BitSet outside = (BitSet) set.clone();
            outside.andNot(known.possible());
            BitSet missing = (BitSet) known.certain().clone();
            missing.andNot(set);
            if (outside.isEmpty() && missing.isEmpty() && set.cardinality() == known.most()) {
                all.add(set);
            }
        }
        return all;
    }

    @Test
    void theIndexIsTheOneOfTheUnions() {
        BitSet a = new BitSet();
        a.set(0, 4);
        BitSet b = new BitSet();
        b.set(2, 8);
        Overlap overlap = Overlap.of(KnownTokens.exactly(a), KnownTokens.exactly(b));
        assertTrue(overlap.isExact());
        assertEquals(2 / 8.0, overlap.least());
        assertEquals(2 / 8.0, overlap.most());
        Overlap twice = overlap.plus(Overlap.of(KnownTokens.exactly(a), KnownTokens.exactly(a)));
        assertEquals((2 + 4) / (8.0 + 4), twice.least());
        assertTrue(Double.isNaN(Overlap.NONE.least()));
        // Three of ten tokens and four of the same ten: none or three in common.
        BitSet ten = new BitSet();
        ten.set(0, 10);
        Overlap free = Overlap.of(new KnownTokens(new BitSet(), ten, 3, 3), new KnownTokens(new BitSet(), ten, 4, 4));
        assertEquals(0, free.least());
        assertEquals(3 / 4.0, free.most());
    }
}
