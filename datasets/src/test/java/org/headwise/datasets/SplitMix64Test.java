package org.headwise.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void drawsWhatTheJdksImplementationDraws() {
        for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE, 0x0123456789abcdefL}) {
            SplitMix64 ours = new SplitMix64(seed);
            SplittableRandom theirs = new SplittableRandom(seed);
            for (int i = 0; i < 1000; i++) {
                assertEquals(theirs.nextLong(), ours.next(), "seed " + seed + ", draw " + i);
            }
        }
    }

    @Test
    void drawsBelowABoundEvenly() {
        for (int bound : new int[] {1, 2, 7, 12, 100}) {
            SplitMix64 random = new SplitMix64(bound);
            int[] counts = new int[bound];
            int draws = 10_000 * bound;
            for (int i = 0; i < draws; i++) {
                counts[random.below(bound)]++;
            }
            for (int value = 0; value < bound; value++) {
                // Five standard deviations of a binomial count.
                assertTrue(
                        Math.abs(counts[value] - 10_000) <= 500,
                        "bound " + bound + ", value " + value + ": " + counts[value]);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> new SplitMix64(0).below(0));
    }
}
