package org.headwise.model.raster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfSplitRopeTest {
    /** Keys move as if they had been at their new position from the beginning. */
    @Test
    void turnsAddUp() {
        HalfSplitRope rope = new HalfSplitRope(700, 64, 10_000);
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            float[] key = new float[64];
            for (int i = 0; i < key.length; i++) {
                key[i] = (float) random.nextGaussian();
            }
            int from = random.nextInt(700);
            int to = random.nextInt(700);
            float[] moved = key.clone();
            rope.rotate(moved, 0, 1, from);
            rope.keyTurn().turn(moved, 0, to - from);
            rope.rotate(key, 0, 1, to);
            assertArrayEquals(key, moved, 2e-4f, "seed " + seed + ", from " + from + " to " + to);
        }
    }
}
