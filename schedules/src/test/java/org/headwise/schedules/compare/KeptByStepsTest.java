package org.headwise.schedules.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Pooling;
import org.junit.jupiter.api.Test;

/** What is said of raster models against lists of tokens from which every step lets some go. */
class KeptByStepsTest {
    @Test
    void newestTokensAreKnownAndChosenOnesLieWithinTheirBounds() {
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            Geometry geometry = Geometry.raster(
                            "test", 1, 1, 1, 1, new Grid(1 + random.nextInt(4), 2 + random.nextInt(5)))
                    .withPrompt(1 + random.nextInt(5));
            Keeping keeping = keeping(random);
            List<KnownTokens> known = KeptBySteps.of(keeping, geometry);
            assertEquals(geometry.steps().size(), known.size());
            List<Integer> held = new ArrayList<>();
            for (int step = 0; step < geometry.steps().size() - 1; step++) {
                int prompt = geometry.promptTokens();
                for (int token = geometry.firstToken(step); token < geometry.firstToken(step + 1); token++) {
                    held.add(token);
                }
                letGo(keeping, held, prompt, step, random);
                String where = "seed " + seed + ", step " + step + " of " + keeping;
                KnownTokens said = known.get(step);
                BitSet now = new BitSet();
                held.forEach(now::set);
                BitSet missing = (BitSet) said.certain().clone();
                missing.andNot(now);
                assertTrue(missing.isEmpty(), where + ": " + missing + " is not held");
                BitSet more = (BitSet) now.clone();
                more.andNot(said.possible());
                assertTrue(more.isEmpty(), where + ": " + more + " is held");
                assertEquals(now.cardinality(), said.most(), where);
                assertEquals(now.cardinality(), said.least(), where);
                if (keeping instanceof Keeping.Newest) {
                    assertTrue(said.isExact(), where);
                }
            }
        }
    }

    private static Keeping keeping(Random random) {
        boolean promptKept = random.nextBoolean();
        int refresh = 1 + random.nextInt(4);
        return switch (random.nextInt(4)) {
            case 0 -> new Keeping.Newest(random.nextInt(4), 1 + random.nextInt(8), promptKept, false);
            case 1 -> new Keeping.Heaviest(random.nextInt(6), random.nextInt(6), promptKept, false, refresh);
            case 2 -> {
                int window = 1 + random.nextInt(4);
                yield new Keeping.Observed(window + random.nextInt(6), window, 1, Pooling.MAX, promptKept, refresh);
            }
            default -> new Keeping.Chance(random.nextInt(8), 1, promptKept);
        };
    }

    private static void letGo(Keeping keeping, List<Integer> held, int prompt, int step, Random random) {
        int aside = keeping.promptKept() ? prompt : 0;
        int made = prompt + step;
        switch (keeping) {
            case Keeping.Newest newest -> {
                int fixed = Math.max(newest.first(), aside);
                held.removeIf(token -> token >= fixed && token < made - (newest.tokens() - 1));
            }
            case Keeping.Heaviest heaviest -> {
                if (step % heaviest.refresh() == 0) {
                    choose(held, aside, made - heaviest.recent(), heaviest.best() + heaviest.recent(), random);
                }
            }
            case Keeping.Observed observed -> {
                if (step % observed.refresh() == 0) {
                    choose(held, aside, made - observed.window(), observed.tokens(), random);
                }
            }
            case Keeping.Chance chance -> choose(held, aside, made, chance.tokens(), random);
        }
    }

    /** Any tokens go that are neither set aside nor as new as {@code newest}, until so many are left of the rest. */
    private static void choose(List<Integer> held, int aside, int newest, int tokens, Random random) {
        List<Integer> loose = new ArrayList<>(
                held.stream().filter(token -> token >= aside && token < newest).toList());
        long rest = held.stream().filter(token -> token >= aside).count();
        for (; rest > tokens; rest--) {
            held.remove(loose.remove(random.nextInt(loose.size())));
        }
    }
}
