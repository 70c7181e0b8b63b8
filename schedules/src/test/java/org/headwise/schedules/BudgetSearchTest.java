package org.headwise.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.headwise.attention.Ledger;
import org.junit.jupiter.api.Test;

class BudgetSearchTest {
    private static Ledger ledger(long peak) {
        return new Ledger(List.of(peak), List.of(peak / 2));
    }

    /** Steps at random shares, far narrower than the grid: the highest that fits is known. */
    @Test
    void findsTheHighestStepOfAnyGrowingOutcome() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 300; trial++) {
            double[] edges = random.doubles(random.nextInt(1, 400)).sorted().toArray();
            double least = random.nextBoolean() ? 0 : random.nextDouble();
            long limit = random.nextInt(edges.length + 1);
            Optional<BudgetSearch.Found> found = BudgetSearch.nearest(
                    share -> share < least ? Optional.empty() : Optional.of(ledger(below(edges, share))),
                    limit,
                    random.nextInt(1, 30));
            String where = "seed " + seed + ", trial " + trial;
            if (below(edges, least) > limit) {
                assertEquals(Optional.empty(), found, where);
            } else {
                assertEquals(limit, found.orElseThrow().ledger().peak(), where);
            }
        }
    }

    private static long below(double[] edges, double share) {
        return Arrays.stream(edges).filter(edge -> edge <= share).count();
    }

    /** A saw with holes: never above, and never worse than trying the grid alone. */
    @Test
    void isNeverAboveAndNeverWorseThanTheGridWhateverTheOutcome() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 300; trial++) {
            int grid = random.nextInt(1, 64);
            int holes = random.nextInt(2, 9);
            double slope = random.nextDouble(5);
            BudgetSearch.Outcome saw = share -> (int) (share * 97) % holes == 0
                    ? Optional.empty()
                    : Optional.of(ledger((long) (1000 * (share + slope * (share * 7 % 1)))));
            long limit = random.nextInt(6000);
            long best = -1;
            for (int i = 0; i <= grid; i++) {
                long peak = saw.at((double) i / grid).map(Ledger::peak).orElse(-1L);
                best = peak <= limit ? Math.max(best, peak) : best;
            }
            Optional<BudgetSearch.Found> found = BudgetSearch.nearest(saw, limit, grid);
            String where = "seed " + seed + ", trial " + trial;
            long peak = found.map(one -> one.ledger().peak()).orElse(-1L);
            assertTrue(peak >= best && peak <= limit, where + ": found " + peak + ", the grid " + best);
            found.ifPresent(one -> assertEquals(saw.at(one.share()), Optional.of(one.ledger()), where));
        }
    }

    @Test
    void prefersWhatKeepsMoreAmongEqualPeaksAndSharesThatCanBeRead() {
        BudgetSearch.Found found = BudgetSearch.nearest(
                        share -> Optional.of(new Ledger(List.of(7L), List.of((long) (share * 100)))), 7, 10)
                .orElseThrow();
        assertEquals(new Ledger(List.of(7L), List.of(100L)), found.ledger());
        assertEquals(1, found.share());
        BudgetSearch.Found third = BudgetSearch.nearest(share -> Optional.of(ledger(share < 0.25034 ? 1 : 2)), 1, 16)
                .orElseThrow();
        assertEquals(0.25, third.share());
    }
}
