package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.methods.HeatReading;
import org.headwise.schedules.methods.HeatStrict;
import org.headwise.schedules.methods.HeatUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * HeatKV's strict schedule as JSON: what its {@code strict_pruning_schedule_for_budget_scale_specific} and
 * {@code strict_removed_heads_by_scale_specific_for_budget} return, empty entries left out, numbers ascending.
 */
public final class HeatKvStrictFile implements ScheduleExporter {
    private static final String FAMILY = "infinity-";

    @Override
    public String name() {
        return "heatkv-strict";
    }

    @Override
    public String losses() {
        return "loses the head dimension, the order of early activations within a layer, the ledger and the provenance; "
                + "only schedules of method " + HeatKv.NAME + " can be written";
    }

    @Override
    public void write(Schedule schedule, Path file) {
        AtomicFile.write(file, Json.line(json(schedule)) + "\n");
    }

    /** The whole file as JSON. */
    public static ObjectNode json(Schedule schedule) {
        Geometry geometry = schedule.geometry();
        if (geometry.raster() != null) {
            throw new InputRefused("this is a schedule for " + geometry.family()
                    + ", a raster model, which heatkv-strict cannot say; export csv instead");
        }
        HeatStrict strict = HeatReading.of(schedule);
        int steps = geometry.steps().size();
        int slots = geometry.layers() * geometry.kvHeads();
        ObjectNode out = Json.object();
        out.put("model", model(geometry));
        out.put("num_layers", geometry.layers());
        out.put("num_heads", geometry.kvHeads());
        out.put("budget", schedule.budget().share());
        out.put("protected_prefix_scales", strict.protectedScales());
        out.putArray("source_scales").add(strict.firstSource()).add(strict.lastSource());
        ArrayNode grids = out.putArray("scale_schedule");
        for (Grid grid : geometry.steps()) {
            grids.addArray().add(grid.height()).add(grid.width());
        }
        counts(out.putObject("prune_counts"), steps, step -> strict.counts().get(step));
        counts(
                out.putObject("final_removed_counts"),
                steps,
                step -> strict.ends().get(step).size());
        nested(out.putObject("final_removed_by_scale"), steps, strict.ends()::get);
        early(out.putObject("early_activation_by_scale"), strict);
        nested(out.putObject("removed_while_scale_runs"), steps, strict::removedWhile);
        counts(
                out.putObject("removed_counts_while_scale_runs"),
                steps,
                step -> strict.removedWhile(step).size());
        counts(
                out.putObject("remaining_atoms_while_scale_runs"),
                steps,
                step -> Math.max(0, Math.min(strict.lastSource(), step) - strict.firstSource() + 1) * slots
                        - strict.removedWhile(step).size());
        return out;
    }

    /** The short name that HeatKV gives to a released size, {@code 2b}; others are described by layers and heads. */
    static String model(Geometry geometry) {
        for (String name : InfinityGeometries.names()) {
            Geometry released = InfinityGeometries.get(name);
            if (released.layers() == geometry.layers()
                    && released.kvHeads() == geometry.kvHeads()
                    && released.family().equals(geometry.family())) {
                return name.substring(FAMILY.length());
            }
        }
        return geometry.layers() + "x" + geometry.kvHeads();
    }

    private static void counts(ObjectNode out, int steps, IntFunction<Integer> count) {
        for (int step = 0; step < steps; step++) {
            out.put(Integer.toString(step), count.apply(step));
        }
    }

    /** step, source, layer: heads. */
    private static void nested(ObjectNode out, int steps, IntFunction<List<HeatUnit>> units) {
        for (int step = 0; step < steps; step++) {
            for (HeatUnit unit : units.apply(step)) {
                child(child(out, step), unit.source())
                        .withArray("/" + unit.layer())
                        .add(unit.head());
            }
        }
    }

    /** step, layer being written: [source, head, layer]. */
    private static void early(ObjectNode out, HeatStrict strict) {
        for (int step = 0; step < strict.early().size(); step++) {
            List<HeatStrict.Early> sorted = strict.early().get(step).stream()
                    .sorted(java.util.Comparator.comparingInt(HeatStrict.Early::whileWriting)
                            .thenComparingInt(activated -> activated.unit().source())
                            .thenComparingInt(activated -> activated.unit().head())
                            .thenComparingInt(activated -> activated.unit().layer()))
                    .toList();
            for (HeatStrict.Early activated : sorted) {
                HeatUnit unit = activated.unit();
                child(out, step)
                        .withArray("/" + activated.whileWriting())
                        .addArray()
                        .add(unit.source())
                        .add(unit.head())
                        .add(unit.layer());
            }
        }
    }

    private static ObjectNode child(ObjectNode parent, int key) {
        String name = Integer.toString(key);
        return parent.get(name) instanceof ObjectNode found ? found : parent.putObject(name);
    }
}
