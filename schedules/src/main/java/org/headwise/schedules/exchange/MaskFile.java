package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/**
 * A safetensors file with one boolean tensor {@code visible} [target step, source step, layer, kv head]: whether queries
 * of the target see the keys of the source. Runtimes that only mask can use it as it is.
 */
public final class MaskFile implements ScheduleExporter {
    /** Name of the tensor. */
    public static final String VISIBLE = "visible";

    private static final int MOST = 1 << 30;

    @Override
    public String name() {
        return "safetensors-mask";
    }

    @Override
    public String losses() {
        return "loses when within a step memory becomes free, the method's parameters, the ledger and the provenance; a "
                + "runtime that only masks frees no memory";
    }

    @Override
    public void write(Schedule schedule, Path file) {
        Geometry geometry = schedule.geometry();
        if (geometry.raster() != null) {
            throw new InputRefused("this is a schedule for " + geometry.family()
                    + ", a raster model, whose tokens no mask of scales can say; export csv instead");
        }
        int steps = geometry.steps().size();
        int units = Math.multiplyExact(geometry.layers(), geometry.kvHeads());
        if ((double) steps * steps * units > MOST) {
            throw new InputRefused("a mask of " + steps + " x " + steps + " steps x " + units
                    + " kv heads is too large for this format, export csv instead");
        }
        boolean[] visible = new boolean[steps * steps * units];
        for (int target = 0; target < steps; target++) {
            // Everything made so far, the step's own keys included.
            Arrays.fill(visible, target * steps * units, (target * steps + target + 1) * units, true);
        }
        for (Rule rule : schedule.rules()) {
            switch (rule) {
                case EvictScale evict -> {
                    int unit = evict.layer() * geometry.kvHeads() + evict.kvHead();
                    for (int target = evict.source() + 1; target < steps; target++) {
                        if (evict.hides(target)) {
                            visible[(target * steps + evict.source()) * units + unit] = false;
                        }
                    }
                }
                case Capacity _, HeadKeeps _ ->
                    throw new InputRefused("a schedule of method " + schedule.method()
                            + " chooses tokens while it runs, which no mask can say; export csv instead");
            }
        }
        SafetensorsWriter.write(
                file,
                Map.of(
                        VISIBLE,
                        SafetensorsWriter.Entry.bool(visible, steps, steps, geometry.layers(), geometry.kvHeads())),
                Map.of(
                        "format", "headwise-mask",
                        "axes", "target step, source step, layer, kv head",
                        "geometry", geometry.describe(),
                        "fingerprint", geometry.fingerprint(),
                        "method", schedule.method(),
                        "budget", schedule.budget().percent()));
    }
}
