package org.headwise.workbench;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.headwise.datasets.BundledModels;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.KnownModel;
import org.headwise.model.KnownModels;
import org.headwise.model.Models;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headwise models}. */
@Command(
        name = "models",
        header = {
            "List bundled and released models with the files they need, or describe one.",
            "",
            "  headwise models",
            "  headwise models infinity-2b",
            "  headwise models path/to/model --json",
            ""
        },
        description = {
            "A bundled model can be run, a released one too once its files are named: --weights infinity-2b=DIR, or a line",
            "infinity-2b = \"DIR\" in ~/.config/headwise/models.toml. A geometry is the shape of a model, enough to plan a",
            "schedule for it. Infinity's names may go on with @RESOLUTION and :RATIO, for example infinity-2b@0.25M:1.333.",
            "The full cache is that of one prompt without guidance in BF16; guidance doubles it."
        })
final class ModelsCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "a bundled or released model or a model folder")
    private String name;

    @Mixin
    private ModelPlaces places;

    @Mixin
    private JsonOption json;

    private final Session session;

    ModelsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ModelListing listing = new ModelListing();
        Optional<KnownModel> known = name == null ? Optional.empty() : KnownModels.find(name);
        ModelSettings settings = places.settings();
        if (known.isPresent()) {
            KnownModel model = known.get();
            listing.released(name, model, places.place(model.name(), settings));
        } else if (name != null) {
            listing.shape(name, "model", geometry(name));
        } else {
            BundledModels.names().forEach(model -> listing.shape(model, "bundled", geometry(model)));
            KnownModels.all()
                    .forEach(model -> listing.released(model.name(), model, places.place(model.name(), settings)));
            InfinityGeometries.names().stream()
                    .filter(size -> KnownModels.find(size).isEmpty())
                    .forEach(size -> listing.shape(size, "geometry", InfinityGeometries.get(size)));
        }
        if (json.wanted) {
            session.printJson(listing.json());
        } else {
            session.print(listing.models(), json);
            known.map(model -> ModelListing.files(model, places.place(model.name(), settings)))
                    .or(() -> name == null ? Optional.of(listing.files()) : Optional.empty())
                    .ifPresent(table -> {
                        session.print("");
                        session.print(table, json);
                    });
        }
        return ExitCode.OK.code;
    }

    private Geometry geometry(String model) {
        try (Engine engine = session.engine();
                ImageModel opened = Models.open(places.source(model), engine, DType.F32)) {
            return opened.geometry();
        }
    }
}
