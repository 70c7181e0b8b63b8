package org.headwise.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.headwise.datasets.PromptSet;
import org.headwise.files.Provenance;
import org.headwise.model.Sampling;
import org.headwise.schedules.evaluate.Evaluation;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.evaluate.PromptRoom;
import org.headwise.schedules.evaluate.Variant;
import org.headwise.schedules.runtime.Caches;
import org.headwise.schedules.runtime.Footprint;
import org.headwise.schedules.runtime.Storage;

/**
 * An evaluation as commands ask for one: the same images with the full cache and under each schedule.
 *
 * @param seed of the first prompt; the next one has the next
 * @param images how many prompts leave their pictures
 * @param allowOverlap whether prompts may be those of the calibration
 */
record Comparison(
        OpenModel opened,
        PromptSet prompts,
        Sampling sampling,
        long seed,
        List<PlannedSchedule> schedules,
        Storage storage,
        int images,
        boolean allowOverlap) {
    /** Starts or goes on; {@code resume} is the command line that goes on after Ctrl-C. */
    EvaluationResult into(Path folder, Session session, String resume) {
        schedules.forEach(this::checkRoom);
        List<String> seen = Overlap.of(prompts, schedules, session);
        if (!allowOverlap) {
            Overlap.refuse(seen, prompts);
        }
        List<Variant> variants = schedules.stream()
                .map(planned -> new Variant(
                        planned.name(),
                        planned.label(),
                        planned.budget(),
                        Footprint.of(planned.schedule()).byMeaning(),
                        () -> Caches.of(planned.schedule(), storage)))
                .toList();
        Evaluation evaluation = new Evaluation(
                opened.model(),
                prompts.prompts(),
                sampling,
                seed,
                variants,
                folder,
                images,
                provenance(session, seen.size()));
        try (Interruption interruption = new Interruption(session.terminal(), resume)) {
            return evaluation.run(session.progress(), interruption::requested);
        }
    }

    private void checkRoom(PlannedSchedule planned) {
        for (String prompt : prompts.prompts()) {
            PromptRoom.check(
                    planned.name(), planned.schedule(), prompt, opened.model().promptTokens(prompt));
        }
    }

    /** Whether a result is all that was asked for. */
    boolean finished(EvaluationResult result) {
        return result.prompts().size() == prompts.prompts().size();
    }

    /** Removes what an evaluation wrote to a folder, and nothing else. */
    static void clear(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(Evaluation.FILE));
            Path images = folder.resolve("images");
            if (Files.isDirectory(images)) {
                try (Stream<Path> files = Files.list(images)) {
                    for (Path file : files.filter(
                                    file -> file.getFileName().toString().matches("\\d{5}-.*\\.png"))
                            .toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be cleared: " + e.getMessage(), e);
        }
    }

    private Provenance provenance(Session session, long overlap) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("model", opened.name());
        settings.put("prompts", prompts.name());
        settings.put("limit", Integer.toString(prompts.prompts().size()));
        settings.put("first seed", Long.toString(seed));
        settings.put("guidance", Float.toString(sampling.guidance()));
        settings.put("temperature", Float.toString(sampling.temperature()));
        settings.put("top k", Integer.toString(sampling.topK()));
        settings.put("top p", Float.toString(sampling.topP()));
        settings.put("storage", storage.name());
        settings.put("images", Integer.toString(images));
        if (allowOverlap) {
            settings.put("overlap", "allowed: " + overlap + " prompts are also the calibration's");
        }
        List<Provenance.Input> inputs = new ArrayList<>(opened.inputs());
        inputs.add(prompts.input());
        schedules.forEach(planned -> inputs.add(InputFiles.file(planned.file())));
        return new Provenance(
                About.tool(),
                session.arguments(),
                settings,
                inputs,
                Map.of("prompts", (long) prompts.prompts().size(), "skipped_lines", prompts.skipped()));
    }
}
