package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.model.KnownModel;
import org.headwise.model.KnownModels;
import org.headwise.model.ModelSource;
import picocli.CommandLine.Option;

/** Finds the files that a model's name on the command line stands for. */
final class ModelPlaces {
    @Option(
            names = "--weights",
            paramLabel = "NAME=DIR",
            converter = WeightsOption.Converter.class,
            description = "where the files of a released model lie; NAME.PART=PATH for one part of it")
    private List<WeightsOption> given = List.of();

    @Option(
            names = "--models",
            paramLabel = "FILE",
            description = "where released models lie, instead of ~/.config/headwise/models.toml")
    private Path file;

    /** The settings that these options name. */
    ModelSettings settings() {
        if (file != null && !Files.isRegularFile(file)) {
            throw InputRefused.in(file, "no such file");
        }
        return ModelSettings.read(file == null ? ModelSettings.defaultFile() : file);
    }

    /** Where a released model lies; nowhere if nobody said. */
    ModelPlace place(String name, ModelSettings settings) {
        ModelPlace place = settings.models().getOrDefault(name, ModelPlace.NOWHERE);
        for (WeightsOption option : given) {
            place = option.model().equals(name) ? option.place().over(place) : place;
        }
        return place;
    }

    /** The model that a name stands for: a bundled one, a released one whose files were named, or a folder. */
    ModelSource source(String name) {
        for (WeightsOption option : given) {
            if (!option.model().equals(KnownModels.base(name))) {
                throw new InputRefused("--weights names " + option.model() + ", but the model is " + name);
            }
        }
        Optional<Path> bundled = BundledModels.find(name);
        if (bundled.isPresent()) {
            return ModelSource.of(bundled.get());
        }
        Optional<KnownModel> known = KnownModels.find(name);
        if (known.isPresent()) {
            ModelSettings settings = settings();
            ModelPlace place = place(known.get().name(), settings);
            if (place != ModelPlace.NOWHERE) {
                return ModelSource.of(known.get(), place.folder(), place.parts());
            }
            if (!isFolder(name)) {
                throw new InputRefused("model \"" + name + "\": nobody said where its files are; say --weights "
                        + known.get().name() + "=DIR, or " + known.get().name() + " = \"DIR\" in " + settings.file()
                        + ", where DIR has " + files(known.get()));
            }
        }
        if (isFolder(name)) {
            return ModelSource.of(Path.of(name));
        }
        throw new InputRefused("model \"" + name + "\": neither a bundled model ("
                + String.join(", ", BundledModels.names())
                + ") nor a released one (see: headwise models) nor a folder");
    }

    /** The files of a model by their names on the hub, in one line. */
    static String files(KnownModel known) {
        return known.files().stream()
                .map(KnownModel.KnownFile::onHub)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static boolean isFolder(String name) {
        try {
            return Files.isDirectory(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
