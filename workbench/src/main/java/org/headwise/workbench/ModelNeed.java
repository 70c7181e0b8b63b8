package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.memory.MachineMemory;
import org.headwise.memory.MemoryPlan;
import org.headwise.memory.MemoryRequest;
import org.headwise.memory.ModelShapes;
import org.headwise.memory.WeightHolding;
import org.headwise.model.Geometry;
import org.headwise.model.KnownModel;
import org.headwise.model.KnownModels;
import org.headwise.tensor.DType;
import org.headwise.workbench.TextTable.Column;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model needs of this machine, from the headers of its files or the shapes of its release.
 *
 * @param origin where the shapes are from, for people
 * @param known the released model that it is, or null
 */
record ModelNeed(String name, String origin, KnownModel known, ModelShapes shapes, Settings settings) {
    private static final double BUDGET = 0.1;
    private static final List<String> RESOLUTIONS = List.of("0.60M", "0.25M", "0.06M");

    /**
     * How it would be run.
     *
     * @param stored type of the numbers in the files, where those are not here
     */
    record Settings(
            int images, boolean guided, WeightHolding weights, DType cache, DType stored, int textTokens, int threads) {
        Settings with(DType type) {
            return new Settings(
                    images, guided, new WeightHolding(type, weights.panel()), cache, stored, textTokens, threads);
        }

        Settings caching(DType type) {
            return new Settings(images, guided, weights, type, stored, textTokens, threads);
        }

        Settings alone() {
            return new Settings(1, guided, weights, cache, stored, textTokens, threads);
        }

        String held() {
            return weights.inFiles()
                    ? "in their file"
                    : weights.library() ? "as F32 by a library" : "" + weights.type();
        }
    }

    static ModelNeed of(String name, ModelPlaces places, Settings settings) {
        Optional<KnownModel> known = KnownModels.find(name);
        boolean placed = known.isEmpty()
                || places.place(known.get().name(), places.settings()) != ModelPlace.NOWHERE
                || Files.isDirectory(Path.of(name));
        if (placed) {
            return new ModelNeed(
                    name, "from its files", known.orElse(null), ModelShapes.of(places.source(name)), settings);
        }
        ModelShapes shapes = ModelShapes.of(known.get(), settings.stored)
                .orElseThrow(() -> new InputRefused("the shapes of " + name
                        + " are not built in, so its files are needed: " + ModelPlaces.files(known.get())));
        return new ModelNeed(name, "from the shapes of the release", known.get(), shapes, settings);
    }

    /** With the full cache, or with one of a tenth. */
    MemoryPlan plan(boolean whole) {
        return plan(shapes, settings, whole);
    }

    private static MemoryPlan plan(ModelShapes shapes, Settings settings, boolean whole) {
        int rows = settings.guided ? 2 * settings.images : settings.images;
        int bytes = settings.cache.bytes();
        Geometry prompted = shapes.prompted(settings.textTokens);
        long cache = whole
                ? MemoryPlan.fullCache(prompted, rows, bytes)
                : MemoryPlan.budgetedCache(prompted, rows, bytes, BUDGET);
        boolean inHeap = whole || prompted.raster() != null;
        return MemoryPlan.of(
                shapes,
                new MemoryRequest(
                        settings.images,
                        settings.guided,
                        true,
                        settings.weights,
                        inHeap ? cache : 0,
                        inHeap ? 0 : cache,
                        settings.textTokens,
                        0,
                        0,
                        settings.threads));
    }

    /** What weights that stay in their file mean for speed. */
    String reading(MachineMemory machine) {
        MemoryPlan plan = plan(true);
        long read = plan.parts().stream()
                .filter(part -> part.name().equals("transformer"))
                .mapToLong(MemoryPlan.Part::mapped)
                .sum();
        long room = Math.max(0, machine.available() - plan.process());
        return "every step reads " + MachineMemory.show(read) + " of weights from their file, "
                + (room >= read
                        ? "which memory has room to keep"
                        : "of which memory has room to keep " + MachineMemory.show(room) + "; the disk gives the rest");
    }

    /** Part by part. */
    TextTable table() {
        TextTable table = new TextTable(
                Column.of("part", "part"),
                Column.of("when", "when"),
                new Column("heap_bytes", "Java heap, bytes", "%,d"),
                new Column("outside_bytes", "outside, bytes", "%,d"),
                new Column("bytes", "both, bytes", "%,d"),
                new Column("mapped_bytes", "in files, bytes", "%,d"));
        MemoryPlan full = plan(true);
        MemoryPlan tenth = plan(false);
        for (MemoryPlan.Part part : full.parts()) {
            if (part.bytes() + part.mapped() > 0) {
                row(table, part.name().equals("KV cache") ? "KV cache, full" : part.name(), part);
            }
        }
        tenth.parts().stream()
                .filter(part -> part.name().equals("KV cache"))
                .forEach(part -> row(table, "KV cache, about 10% instead", part));
        table.row("most at once, full cache", null, full.heap(), full.outside(), full.process(), full.mapped());
        table.row("most at once, 10% cache", null, tenth.heap(), tenth.outside(), tenth.process(), tenth.mapped());
        return table;
    }

    private static void row(TextTable table, String name, MemoryPlan.Part part) {
        String when = switch (part.when()) {
            case LOADING -> "loading";
            case ALWAYS -> "always";
            case DRAWING -> "drawing";
            case DECODING -> "decoding";
        };
        table.row(name, when, part.heap(), part.outside(), part.bytes(), part.mapped());
    }

    /** What could be changed, one by one and all together, and whether it would fit then. */
    List<String> changes(MachineMemory machine) {
        Settings small = settings.alone().caching(DType.BF16);
        small = settings.weights.library() || settings.weights.inFiles() ? small : small.with(null);
        ModelShapes least = shapes.withText(DType.BF16);
        List<String> changes = new ArrayList<>();
        if (settings.weights.type() == DType.F32 && !settings.weights.library()) {
            changes.add(change(machine, "--dtype BF16", shapes, settings.with(DType.BF16), true));
        }
        if (!settings.weights.inFiles() && !settings.weights.library()) {
            changes.add(change(machine, "--dtype FILE", shapes, settings.with(null), true));
        }
        if (settings.cache == DType.F32) {
            changes.add(change(machine, "--kv-dtype BF16", shapes, settings.caching(DType.BF16), true));
        }
        if (settings.images > 1) {
            changes.add(change(machine, "one image at a time", shapes, settings.alone(), true));
        }
        if (plan(least, settings, true).process() < plan(true).process()) {
            changes.add(change(machine, "the text encoder converted to BF16", least, settings, true));
        }
        changes.add(change(machine, "a schedule of 10%", shapes, settings, false));
        changes.add(change(machine, "all of these", least, small, false));
        for (String resolution : RESOLUTIONS) {
            Optional<ModelShapes> few = least.at(resolution)
                    .filter(one ->
                            one.geometry().totalTokens() < shapes.geometry().totalTokens());
            if (few.isPresent()) {
                String what = "@" + resolution + " and all of these but the schedule";
                changes.add(change(machine, what, few.get(), small, true));
            }
        }
        return changes;
    }

    private static String change(
            MachineMemory machine, String what, ModelShapes shapes, Settings settings, boolean whole) {
        MemoryPlan plan = plan(shapes, settings, whole);
        return what + ": " + MachineMemory.show(plan.process()) + ", of which " + MachineMemory.show(plan.heap())
                + " Java heap: " + (machine.obstacles(plan).isEmpty() ? "fits" : "does not fit");
    }

    /** In one line. */
    String title() {
        Geometry geometry = shapes.geometry();
        return name + ": " + geometry.layers() + " layers, " + geometry.heads() + " heads of " + geometry.headDim()
                + ", " + geometry.steps().size() + " steps, " + geometry.totalTokens() + " tokens (" + origin + "); "
                + settings.images + (settings.images == 1 ? " image" : " images") + " at once"
                + (settings.guided ? " with guidance" : "") + ", weights " + settings.held() + ", cache "
                + settings.cache;
    }

    ObjectNode json(MachineMemory machine) {
        ObjectNode out = Json.object()
                .put("model", name)
                .put("fingerprint", shapes.geometry().fingerprint())
                .put("origin", origin)
                .put("images", settings.images)
                .put("guided", settings.guided)
                .put(
                        "dtype",
                        settings.weights.inFiles()
                                ? "FILE"
                                : settings.weights.type().name())
                .put("kv_dtype", settings.cache.name());
        out.set("parts", table().json());
        out.putObject("machine")
                .put("heap_bytes", machine.heap())
                .put("direct_bytes", machine.direct())
                .put("library_bytes", machine.library())
                .put("available_bytes", machine.available())
                .put("available_by", machine.by());
        List<String> obstacles = machine.obstacles(plan(true));
        out.put("fits", obstacles.isEmpty());
        obstacles.forEach(out.putArray("obstacles")::add);
        changes(machine).forEach(out.putArray("changes")::add);
        return out;
    }
}
