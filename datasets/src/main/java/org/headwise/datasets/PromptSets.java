package org.headwise.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The prompt sets that come with the program. */
public final class PromptSets {
    /** One bundled set. */
    public record Bundled(String name, String description, int count) {}

    private static final List<Bundled> ALL = List.of(
            new Bundled("scenes-calibration", "captions of procedural scenes, for calibrating the mini models", 256),
            new Bundled("scenes-evaluation", "other captions of procedural scenes, for evaluating schedules", 256),
            new Bundled("everyday", "everyday prompts for real text-to-image models, ten kinds of ten", 100));

    private PromptSets() {}

    /** All bundled sets. */
    public static List<Bundled> bundled() {
        return ALL;
    }

    /** The bundled set of that name. */
    public static Optional<PromptSet> find(String name) {
        return ALL.stream().filter(set -> set.name().equals(name)).findFirst().map(PromptSets::read);
    }

    private static PromptSet read(Bundled set) {
        try (InputStream in = PromptSets.class.getResourceAsStream(set.name() + ".txt")) {
            return PromptFile.text(set.name(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled prompt set " + set.name() + " could not be read", e);
        }
    }
}
