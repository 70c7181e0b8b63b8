package org.headwise.workbench;

import java.util.concurrent.Callable;
import org.headwise.datasets.BundledModels;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.workbench.TextTable.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headwise models}. */
@Command(
        name = "models",
        header = {
            "List bundled models and built-in geometries, or describe a model folder.",
            "",
            "  headwise models",
            "  headwise models infinity-mini",
            "  headwise models path/to/model --json",
            ""
        },
        description = {
            "A bundled model can be run; a geometry is the shape of a released model, enough to plan a schedule for it:",
            "NAME, NAME@RESOLUTION or NAME@RESOLUTION:RATIO, for example infinity-2b@0.25M:1.333.",
            "The full cache is that of one prompt without guidance in BF16; guidance doubles it."
        })
final class ModelsCommand implements Callable<Integer> {
    private static final int BF16_BYTES = 2;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "a bundled model or a model folder")
    private String name;

    @Mixin
    private JsonOption json;

    private final Session session;

    ModelsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TextTable table = new TextTable(
                Column.of("name", "name"),
                Column.of("kind", "kind"),
                Column.of("family", "family"),
                Column.of("layers", "layers"),
                Column.of("heads", "heads"),
                Column.of("head_dim", "head dim"),
                Column.of("steps", "steps"),
                Column.of("last_grid", "last grid"),
                Column.of("tokens", "tokens"),
                new Column("full_cache_bytes", "full cache, bytes", "%,d"),
                Column.of("fingerprint", "fingerprint"));
        try (Engine engine = session.engine()) {
            if (name != null) {
                row(table, name, "model", geometry(name, engine));
            } else {
                BundledModels.names().forEach(model -> row(table, model, "bundled", geometry(model, engine)));
                InfinityGeometries.names().forEach(size -> row(table, size, "geometry", InfinityGeometries.get(size)));
            }
        }
        session.print(table, json);
        return ExitCode.OK.code;
    }

    private static Geometry geometry(String name, Engine engine) {
        try (ImageModel model = Models.open(ModelOptions.folder(name), engine, DType.F32)) {
            return model.geometry();
        }
    }

    private static void row(TextTable table, String name, String kind, Geometry geometry) {
        Grid last = geometry.raster() == null ? geometry.steps().getLast() : geometry.raster();
        long bytes =
                2L * geometry.layers() * geometry.kvHeads() * geometry.headDim() * BF16_BYTES * geometry.totalTokens();
        table.row(
                name,
                kind,
                geometry.family(),
                geometry.layers(),
                geometry.heads(),
                geometry.headDim(),
                geometry.steps().size(),
                last.height() + "x" + last.width(),
                geometry.totalTokens(),
                bytes,
                geometry.fingerprint());
    }
}
