package org.headwise.schedules.compare;

import org.headwise.schedules.Schedule;

/**
 * A schedule to be compared.
 *
 * @param name unique among those compared
 * @param file where it was read, as given
 */
public record NamedSchedule(String name, String file, Schedule schedule) {}
