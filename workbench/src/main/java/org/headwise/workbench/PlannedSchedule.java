package org.headwise.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;

/**
 * A schedule, the file it lies in and what tables, pictures and reports call it.
 *
 * @param name unique, for example {@code heatkv-10%}
 * @param label the method, with its options where several of one method are compared
 * @param budget the share of the full cache that it stands for: its own, or that of the schedule it is matched to
 */
record PlannedSchedule(String name, String label, double budget, Path file, Schedule schedule) {
    PlannedSchedule(String name, Path file, Schedule schedule) {
        this(name, schedule.method(), schedule.budget().share(), file, schedule);
    }

    /** Reads files; a name is method and budget, or the file's where these are not enough to tell schedules apart. */
    static List<PlannedSchedule> read(List<Path> files) {
        List<PlannedSchedule> read = new ArrayList<>();
        for (Path file : files) {
            Schedule schedule = ScheduleJson.read(file);
            read.add(new PlannedSchedule(name(schedule), file, schedule));
        }
        return read.stream()
                .map(one -> read.stream()
                                        .filter(other -> other.name.equals(one.name))
                                        .count()
                                == 1
                        ? one
                        : new PlannedSchedule(fileName(one.file), one.file, one.schedule))
                .toList();
    }

    /** For example {@code heatkv-10%}. */
    static String name(Schedule schedule) {
        return schedule.method() + "-" + schedule.budget().percent();
    }

    private static String fileName(Path file) {
        return file.getFileName().toString().replaceFirst("\\.json$", "");
    }
}
