package org.headwise.schedules.compare;

import java.util.BitSet;

/**
 * What is known of the tokens that one kv head holds. Tokens are indices among those of all steps.
 *
 * @param certain held in any case
 * @param possible all that can be held, those that are certain included
 * @param least the fewest different tokens that are held
 * @param most the most; equal to {@code least} unless a token can be held twice
 */
record KnownTokens(BitSet certain, BitSet possible, int least, int most) {
    /** Exactly these. */
    static KnownTokens exactly(BitSet tokens) {
        int count = tokens.cardinality();
        return new KnownTokens(tokens, tokens, count, count);
    }

    boolean isExact() {
        return certain.equals(possible);
    }

    /** What that says of the tokens [{@code from}, {@code to}) among them. */
    KnownTokens within(int from, int to) {
        BitSet sure = range(certain, from, to);
        BitSet can = range(possible, from, to);
        int elsewhere = possible.cardinality() - can.cardinality();
        int sureElsewhere = certain.cardinality() - sure.cardinality();
        return new KnownTokens(
                sure,
                can,
                Math.max(sure.cardinality(), least - elsewhere),
                Math.min(can.cardinality(), most - sureElsewhere));
    }

    private static BitSet range(BitSet tokens, int from, int to) {
        BitSet some = new BitSet();
        some.set(from, to);
        some.and(tokens);
        return some;
    }
}
