package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Bf16Test {
    /** All 65,536 numbers, infinities and NaN among them, in any place and of any count. */
    @Test
    void loadsWhatEachNumberStandsFor() {
        short[] bits = new short[1 << 16];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (short) (i * 40503);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment outside = arena.allocate(2L * bits.length, 64);
            MemorySegment.copy(bits, 0, outside, ValueLayout.JAVA_SHORT, 0, bits.length);
            Random random = new Random(4);
            for (MemorySegment memory : new MemorySegment[] {MemorySegment.ofArray(bits), outside}) {
                check(memory, bits, 0, bits.length, 0);
                for (int round = 0; round < 300; round++) {
                    int from = random.nextInt(1000);
                    check(memory, bits, from, random.nextInt(200), random.nextInt(5));
                }
            }
        }
    }

    private static void check(MemorySegment memory, short[] bits, int from, int count, int at) {
        float[] into = new float[at + count + 3];
        java.util.Arrays.fill(into, 7);
        Bf16.load(memory, 2L * from, count, into, at);
        for (int i = 0; i < into.length; i++) {
            float expected = i >= at && i < at + count ? Float.intBitsToFloat(bits[from + i - at] << 16) : 7;
            assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(into[i]), "from " + from);
        }
    }
}
