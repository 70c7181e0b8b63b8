package org.headwise.reports;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.headwise.analysis.Profile;
import org.headwise.model.Geometry;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.evaluate.EvaluationResult;

/**
 * What a report is made of, as the other modules have it; {@link Reports} reads the numbers out.
 *
 * @param title heading of the page
 * @param model name of the model as given
 * @param stability how alike profiles of other prompts are, or nothing
 * @param notes warnings and limits of this run
 */
public record ReportSources(
        String title,
        String model,
        Geometry geometry,
        Optional<Profile> profile,
        List<Planned> schedules,
        Optional<Evaluated> evaluation,
        Optional<StabilityReading> stability,
        List<String> notes) {
    public ReportSources {
        schedules = List.copyOf(schedules);
        notes = List.copyOf(notes);
    }

    /**
     * A schedule.
     *
     * @param name the name that an evaluation calls it by
     * @param rows batch rows of a generation, 2 with guidance
     * @param elementBytes bytes of one stored number
     */
    public record Planned(String name, Schedule schedule, int rows, int elementBytes) {}

    /** The result of an evaluation and the folder that holds its images. */
    public record Evaluated(EvaluationResult result, Path folder) {}
}
