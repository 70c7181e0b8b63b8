package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.Test;

class PagePoolTest {
    private static final long PAGE = 256 * 1024;

    @Test
    void pagesNeverOverlapAndMemoryIsReturned() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        try (PagePool pool = new PagePool(PAGE, Long.MAX_VALUE)) {
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                if (taken.isEmpty() || random.nextInt(100) < (i < 1000 ? 55 : 40)) {
                    int page = pool.take();
                    assertTrue(!taken.contains(page), "seed " + seed + ": page " + page + " was given twice");
                    pool.slab(page).set(ValueLayout.JAVA_INT, pool.offset(page), page);
                    pool.slab(page).set(ValueLayout.JAVA_INT, pool.offset(page) + PAGE - 4, page);
                    taken.add(page);
                } else {
                    int page = taken.remove(random.nextInt(taken.size()));
                    assertEquals(page, pool.slab(page).get(ValueLayout.JAVA_INT, pool.offset(page)), "seed " + seed);
                    assertEquals(
                            page,
                            pool.slab(page).get(ValueLayout.JAVA_INT, pool.offset(page) + PAGE - 4),
                            "seed " + seed);
                    pool.giveBack(page);
                }
                assertEquals(taken.size() * PAGE, pool.allocatedBytes());
                assertTrue(pool.reservedBytes() >= pool.allocatedBytes());
            }
            taken.forEach(pool::giveBack);
            assertEquals(0, pool.allocatedBytes());
            assertEquals(1 << 20, pool.reservedBytes(), "one slab stays in reserve");
        }
    }

    @Test
    void refusesToPassTheLimitAndToTakeBackTwice() {
        try (PagePool pool = new PagePool(PAGE, 3 * PAGE)) {
            int page = pool.take();
            pool.take();
            pool.take();
            assertThrows(InputRefused.class, pool::take);
            pool.giveBack(page);
            assertThrows(IllegalStateException.class, () -> pool.giveBack(page));
            pool.take();
        }
    }
}
