package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class StreamingReadTest {
    @Test
    void everythingIsReadWhateverTheThreads() {
        StreamingRead one = new StreamingRead();
        StreamingRead two = new StreamingRead();
        try (Workers alone = new Workers(1);
                Workers pair = new Workers(2)) {
            long first = one.pass(alone);
            assertEquals(first, two.pass(pair));
            long sum = 0;
            for (long block = 0; block < 128; block++) {
                long mixed = 0;
                for (long at = block << 22; at < block + 1 << 22; at += 512) {
                    mixed ^= at * 0x9E3779B97F4A7C15L + 1;
                }
                sum += mixed;
            }
            assertEquals(sum, first);
            // A second pass adds the same again.
            assertEquals(2 * first, one.pass(alone));
        }
        assertNotEquals(0, one.bytes());
    }
}
