package org.headwise.schedules.runtime;

import org.headwise.attention.FullCache;
import org.headwise.attention.KvCache;
import org.headwise.memory.MemoryPlan;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import org.headwise.schedules.Schedule;
import org.headwise.tensor.DType;

/**
 * How keys and values are held: all of them, or what a schedule keeps. Tells the bytes before anything runs.
 *
 * @param schedule null for the full cache
 */
public record KvHolding(Schedule schedule, Storage storage) {
    public static KvHolding full(Storage storage) {
        return new KvHolding(null, storage);
    }

    /**
     * A cache for one generation.
     *
     * @param limit the most bytes that it may take
     */
    public KvCache cache(long limit) {
        return schedule == null
                ? new FullCache(DType.valueOf(storage.name()), limit)
                : Caches.of(schedule, storage, limit);
    }

    /**
     * The most bytes that such a cache allocates at any moment of a generation, to the byte.
     *
     * @param promptTokens of every row; 0 in next-scale models
     * @param rows batch rows: two per image with guidance
     */
    public long bytes(Geometry model, int promptTokens, int rows) {
        if (schedule == null) {
            Geometry whole = model.raster() == null ? model : model.withPrompt(promptTokens);
            return MemoryPlan.fullCache(whole, rows, storage.bytes());
        }
        GeometryJson.requireSame(model, schedule.geometry(), "schedule " + schedule.method());
        return model.raster() == null
                ? PageLedger.of(schedule, rows, storage).peak()
                : RasterForecast.of(schedule, promptTokens, rows, storage, RasterForecast.pageTokens(schedule))
                        .peak();
    }

    /** For example {@code ssd at 20%}. */
    public String describe() {
        return schedule == null
                ? "full cache"
                : schedule.method() + " at " + schedule.budget().percent();
    }
}
