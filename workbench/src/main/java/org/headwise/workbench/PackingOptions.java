package org.headwise.workbench;

import java.nio.file.Path;
import org.headwise.model.ImageModel;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.runtime.KvHolding;
import org.headwise.schedules.runtime.Packing;
import org.headwise.schedules.runtime.Storage;
import picocli.CommandLine.Option;

/** Under which schedule images are drawn, and how many at a time. */
final class PackingOptions {
    @Option(names = "--schedule", paramLabel = "FILE", description = "draw with the cache of this schedule")
    Path schedule;

    @Option(
            names = "--kv-memory",
            paramLabel = "SIZE",
            converter = MemoryText.class,
            description = "draw as many images at a time as have room for their keys and values in SIZE, like 2GiB"
                    + " (default: one image at a time)")
    Long limit;

    /** How the cache is held: by the schedule, if one was given. */
    KvHolding holding(Storage storage) {
        Schedule read = schedule == null ? null : ScheduleJson.read(schedule);
        return new KvHolding(read, storage);
    }

    /** One image at a time, unless an amount of memory says how many. */
    Packing of(ImageModel model, KvHolding holding) {
        return limit == null
                ? new Packing(model, holding, Long.MAX_VALUE, 1)
                : new Packing(model, holding, limit, Integer.MAX_VALUE);
    }

    /** Memory of drawing so many images. */
    MemoryUse use(MemoryUse one, KvHolding holding, int images) {
        return one.packed(holding, limit == null ? Long.MAX_VALUE : limit, limit == null ? 1 : images);
    }
}
