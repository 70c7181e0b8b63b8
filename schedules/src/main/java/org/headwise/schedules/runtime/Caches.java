package org.headwise.schedules.runtime;

import org.headwise.attention.KvCache;
import org.headwise.schedules.Schedule;

/** The cache that executes a schedule and really frees what it gives up, whatever the family of its model. */
public final class Caches {
    private Caches() {}

    /** A cache for one generation after another. */
    public static KvCache of(Schedule schedule, Storage storage) {
        return of(schedule, storage, Long.MAX_VALUE);
    }

    /** @param limit the most bytes that the cache may take */
    public static KvCache of(Schedule schedule, Storage storage, long limit) {
        return schedule.geometry().raster() == null
                ? new CompressedCache(schedule, storage, limit)
                : new RasterCache(schedule, storage, limit);
    }
}
