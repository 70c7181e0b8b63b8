package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void runsEveryTaskOnceEvenWhenNested() {
        for (int threads : new int[] {1, 2, 5}) {
            try (Workers workers = new Workers(threads)) {
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                    for (int round = 0; round < 200; round++) {
                        AtomicIntegerArray seen = new AtomicIntegerArray(7 * 11);
                        workers.forEach(7, i -> workers.forEach(11, j -> seen.incrementAndGet(i * 11 + j)));
                        for (int i = 0; i < seen.length(); i++) {
                            assertEquals(1, seen.get(i));
                        }
                    }
                });
            }
        }
    }

    @Test
    void handsOnTheExceptionOfATask() {
        try (Workers workers = new Workers(3)) {
            IllegalStateException thrown = new IllegalStateException("task 5");
            assertSame(
                    thrown,
                    assertThrows(
                            IllegalStateException.class,
                            () -> workers.forEach(20, i -> {
                                if (i == 5) {
                                    throw thrown;
                                }
                            })));
            int[] alive = new int[2];
            workers.forEach(2, i -> alive[i] = 1);
            assertEquals(2, alive[0] + alive[1]);
        }
    }

    @Test
    void worksOnTheCallerAloneWithOneThreadAndAfterTheEnd() {
        Thread caller = Thread.currentThread();
        try (Workers alone = new Workers(1)) {
            alone.forEach(3, i -> assertSame(caller, Thread.currentThread()));
        }
        Workers closed = new Workers(3);
        closed.close();
        int[] done = new int[4];
        closed.forEach(4, i -> done[i]++);
        assertEquals(4, done[0] + done[1] + done[2] + done[3]);
        assertThrows(IllegalArgumentException.class, () -> new Workers(0));
    }
}
