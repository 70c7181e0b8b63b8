package org.headwise.schedules.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.RandomCapacities;
import org.headwise.schedules.RandomKeepings;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.schedules.runtime.Caches;
import org.headwise.schedules.runtime.CompressedCache;
import org.headwise.schedules.runtime.Footprint;
import org.headwise.schedules.runtime.Storage;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;

/** What schedules say of the tokens that are held, against what caches hold that really run. */
class HeldTokensTest {
    private int exact;
    private int bounded;

    @Test
    void whatIsPredictedOfEvictionsAndCapacitiesIsHeld() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Geometry geometry = Cases.randomGeometry(random);
            Schedule one = random.nextBoolean()
                    ? Cases.randomSchedule(geometry, random)
                    : RandomCapacities.schedule(geometry, random);
            check(one, RandomCapacities.schedule(geometry, random), random, "seed " + seed);
        }
        assertTrue(exact > 1000 && bounded > 1000, exact + " exact, " + bounded + " bounded");
    }

    @Test
    void whatIsPredictedOfTheReleasedSelectionIsHeldAlsoWhereTokensAreKeptTwice() {
        boolean twice = false;
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Grid> grids = new ArrayList<>();
            for (int step = 0; step < 5; step++) {
                grids.add(new Grid(1 + 2 * step, 1 + 2 * step));
            }
            int heads = 1 + random.nextInt(2);
            Geometry geometry = new Geometry("test", 1, heads, heads, 3, grids);
            twice |= check(
                    released(geometry, Pooling.AVERAGE, random),
                    released(geometry, Pooling.MAX, random),
                    random,
                    "seed " + seed);
        }
        assertTrue(twice, "no token was ever kept twice");
    }

    /** The prompt has one token, as schedules predict it. */
    @Test
    void whatIsPredictedOfRasterModelsIsHeld() {
        try (Engine engine = Engine.vector(1)) {
            for (long seed = 0; seed < 120; seed++) {
                Random random = new Random(seed);
                Geometry geometry = RandomKeepings.geometry(random).ofModel();
                Schedule schedule = RandomKeepings.schedule(geometry, random);
                HeldTokens said = new HeldTokens(schedule);
                Axes axes = Axes.of(geometry);
                try (HeldRecorder held = new HeldRecorder(Caches.of(schedule, Storage.F32))) {
                    RandomGeneration.raster(held, geometry, engine, random);
                    for (int layer = 0; layer < geometry.layers(); layer++) {
                        for (int head = 0; head < geometry.kvHeads(); head++) {
                            List<KnownTokens> after = said.after(layer, head);
                            for (int s = 0; s < axes.steps().size(); s++) {
                                String place = "seed " + seed + ", step "
                                        + axes.steps().get(s) + ", layer " + layer;
                                holds(after.get(axes.steps().get(s)), held.held(s, 0, layer, head), place);
                                holds(after.get(axes.steps().get(s)), held.held(s, 1, layer, head), place);
                            }
                        }
                    }
                    Footprint footprint = Footprint.of(schedule);
                    assertEquals(footprint.allocated(2, Storage.F32), held.ledger(), "seed " + seed);
                }
            }
        }
        assertTrue(exact > 1000 && bounded > 200, exact + " exact, " + bounded + " bounded");
    }

    private static Schedule released(Geometry geometry, Pooling pooling, Random random) {
        Selector selector = new Selector.Released(
                1 + random.nextInt(9), 1 + random.nextInt(40), 1 + 2 * random.nextInt(3), pooling, random.nextInt(13));
        List<Rule> rules = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size() - 1; step++) {
            rules.add(new Capacity(step, 0, 9 + random.nextInt(40), selector));
        }
        return RandomCapacities.of(geometry, rules);
    }

    /** Whether a token was held twice. */
    private boolean check(Schedule one, Schedule other, Random random, String where) {
        Geometry geometry = one.geometry();
        int rows = 1 + random.nextInt(2);
        boolean twice = false;
        try (HeldRecorder a = new HeldRecorder(new CompressedCache(one, Storage.F32));
                HeldRecorder b = new HeldRecorder(new CompressedCache(other, Storage.F32))) {
            RandomGeneration.run(a, geometry, rows, random);
            RandomGeneration.run(b, geometry, rows, random);
            HeldTokens first = new HeldTokens(one);
            HeldTokens second = new HeldTokens(other);
            for (int layer = 0; layer < geometry.layers(); layer++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    List<KnownTokens> mine = first.after(layer, head);
                    List<KnownTokens> yours = second.after(layer, head);
                    for (int step = 0; step < mine.size(); step++) {
                        for (int row = 0; row < rows; row++) {
                            String place = where + ", step " + step + ", layer " + layer + ", head " + head;
                            BitSet x = a.held(step, row, layer, head);
                            BitSet y = b.held(step, row, layer, head);
                            int from = random.nextInt(geometry.totalTokens() + 1);
                            int to = from + random.nextInt(geometry.totalTokens() + 1 - from);
                            holds(mine.get(step), x, place);
                            holds(yours.get(step), y, place);
                            holds(mine.get(step).within(from, to), some(x, from, to), place);
                            holds(yours.get(step).within(from, to), some(y, from, to), place);
                            contains(Overlap.of(mine.get(step), yours.get(step)), x, y, place);
                            twice |= x.cardinality() < mine.get(step).most();
                        }
                    }
                }
            }
        }
        return twice;
    }

    private void holds(KnownTokens known, BitSet held, String where) {
        BitSet missing = (BitSet) known.certain().clone();
        missing.andNot(held);
        assertTrue(missing.isEmpty(), where + ": these are not held: " + missing);
        BitSet more = (BitSet) held.clone();
        more.andNot(known.possible());
        assertTrue(more.isEmpty(), where + ": these are held: " + more);
        assertTrue(held.cardinality() >= known.least() && held.cardinality() <= known.most(), where + ": " + known);
        if (known.isExact()) {
            assertEquals(known.possible(), held, where);
            exact++;
        } else {
            bounded++;
        }
    }

    private static void contains(Overlap overlap, BitSet x, BitSet y, String where) {
        BitSet both = some(x, 0, x.length());
        both.and(y);
        BitSet either = some(x, 0, x.length());
        either.or(y);
        assertTrue(overlap.leastBoth() <= both.cardinality() && both.cardinality() <= overlap.mostBoth(), where);
        if (either.isEmpty()) {
            return;
        }
        double jaccard = both.cardinality() / (double) either.cardinality();
        assertFalse(jaccard < overlap.least() || jaccard > overlap.most(), where + ": " + jaccard + ", " + overlap);
    }

    private static BitSet some(BitSet tokens, int from, int to) {
        BitSet some = new BitSet();
        some.set(from, to);
        some.and(tokens);
        return some;
    }
}
