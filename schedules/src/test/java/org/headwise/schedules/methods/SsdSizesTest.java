package org.headwise.schedules.methods;

import static org.headwise.schedules.methods.SsdSizes.OPEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SsdSizesTest {
    private static HeadClasses classes(int spatial, int semantic) {
        BitSet bits = new BitSet();
        bits.set(0, semantic);
        return new HeadClasses(bits, spatial + semantic);
    }

    @ParameterizedTest
    @CsvSource({
        // Nothing given: both are the budget.
        "3,5,-1,-1,20,20,20",
        // 8 * 20 tokens; 3 * 40 are gone, and 40 are left for 5 heads.
        "3,5,40,-1,20,40,8",
        "3,5,-1,8,20,40,8",
        // No head of the other kind: it may have everything.
        "8,0,20,-1,20,20,100",
        "0,8,-1,20,20,100,20",
        // More than a head can hold is not given.
        "1,7,-1,1,20,100,1",
        "4,4,10,30,20,10,30"
    })
    void theOtherGetsTheRest(int spatial, int semantic, int window, int best, int mean, int fullWindow, int fullBest) {
        assertEquals(
                new SsdSizes(fullWindow, fullBest),
                new SsdSizes(window, best).within(classes(spatial, semantic), mean, 100));
    }

    @Test
    void noOpenNumberCouldBeLarger() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int spatial = 1 + random.nextInt(20);
            int semantic = 1 + random.nextInt(20);
            int mean = 2 + random.nextInt(60);
            int given = 1 + random.nextInt(mean);
            boolean window = random.nextBoolean();
            SsdSizes sizes = new SsdSizes(window ? given : OPEN, window ? OPEN : given)
                    .within(classes(spatial, semantic), mean, Integer.MAX_VALUE);
            long all = (long) (spatial + semantic) * mean;
            long held = (long) spatial * sizes.window() + (long) semantic * sizes.best();
            assertTrue(held <= all && held + (window ? semantic : spatial) > all, "seed " + seed + ": " + sizes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5,5,41,-1,20,w 41 leaves less than one token for each of the 5 semantic heads",
        "5,5,-1,40,20,m 40 leaves less than one token for each of the 5 spatial heads",
        "5,5,30,20,20,'keep 25.00 tokens on average, but the budget allows 20'",
        "5,0,21,-1,20,w 21 is more than the budget allows"
    })
    void whatDoesNotFitIsRefused(int spatial, int semantic, int window, int best, int mean, String said) {
        String message = assertThrows(
                        InputRefused.class,
                        () -> new SsdSizes(window, best).within(classes(spatial, semantic), mean, 100))
                .getMessage();
        assertTrue(message.contains(said), message);
    }

    @Test
    void theSplitThatFitsLeavesRoomForNoOtherHead() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int heads = 1 + random.nextInt(64);
            int mean = 2 + random.nextInt(50);
            int less = 1 + random.nextInt(mean);
            int more = mean + 1 + random.nextInt(50);
            boolean wide = random.nextBoolean();
            SsdSizes sizes = wide ? new SsdSizes(more, less) : new SsdSizes(less, more);
            int spatial = sizes.spatialHeads(heads, mean);
            int large = wide ? spatial : heads - spatial;
            String place = "seed " + seed + ": " + spatial + " of " + heads + " with " + sizes;
            assertTrue(held(large, heads, less, more) <= (long) heads * mean, place);
            assertTrue(large == heads || held(large + 1, heads, less, more) > (long) heads * mean, place);
        }
    }

    private static long held(int large, int heads, int less, int more) {
        return (long) large * more + (long) (heads - large) * less;
    }

    @ParameterizedTest
    @CsvSource({"-1,-1,20", "10,-1,20", "20,20,20", "10,15,20", "30,21,20"})
    void aSplitNeedsTheBudgetBetweenItsNumbers(int window, int best, int mean) {
        String message = assertThrows(InputRefused.class, () -> new SsdSizes(window, best).spatialHeads(8, mean))
                .getMessage();
        assertTrue(message.contains("budget"), message);
    }
}
