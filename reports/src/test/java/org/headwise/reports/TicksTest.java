package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TicksTest {
    @Test
    void roundNumbersEncloseTheRangeAndSayWhatTheyAre() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(7) - 3);
            double high = low + random.nextDouble() * Math.pow(10, random.nextInt(6) - 3) + 1e-3;
            List<Ticks.Tick> ticks = Ticks.nice(low, high, 5);
            String where = "seed " + seed + " range " + low + " to " + high + ": " + ticks;
            double slack = (high - low) * 1e-6;
            assertTrue(
                    ticks.getFirst().value() <= low + slack && ticks.getLast().value() >= high - slack, where);
            assertTrue(ticks.size() >= 2 && ticks.size() <= 9, where);
            double step = ticks.get(1).value() - ticks.get(0).value();
            assertTrue(new HashSet<>(ticks).size() == ticks.size(), where);
            for (Ticks.Tick tick : ticks) {
                assertEquals(tick.value(), Double.parseDouble(tick.label()), step * 0.01, where);
            }
        }
    }

    @Test
    void indicesAreThinnedOut() {
        assertEquals(16, Ticks.indices(16, 16).size());
        assertEquals(
                List.of("0", "4", "8", "12"),
                Ticks.indices(16, 5).stream().map(Ticks.Tick::label).toList());
        assertEquals(1, Ticks.indices(1, 2).size());
    }
}
