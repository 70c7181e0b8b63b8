package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.schedules.Schedule;

/** Writes schedules in a format that others read. */
public interface ScheduleExporter {
    /** Name of the format on the command line. */
    String name();

    /** What of a schedule the format cannot carry, as a sentence. */
    String losses();

    /**
     * Writes one file.
     *
     * @throws InputRefused if the format cannot say what this schedule says
     */
    void write(Schedule schedule, Path file);

    /** All formats. */
    static List<ScheduleExporter> all() {
        return List.of(new HeatKvStrictFile(), new CsvFile(), new MaskFile(), new ScaleKvBudgetFile());
    }

    /** The format of that name. */
    static ScheduleExporter named(String name) {
        return all().stream()
                .filter(exporter -> exporter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputRefused("there is no format " + name + " for schedules, expected one of "
                        + String.join(
                                ", ", all().stream().map(ScheduleExporter::name).toList())));
    }
}
