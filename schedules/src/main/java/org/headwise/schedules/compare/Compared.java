package org.headwise.schedules.compare;

import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.Footprint;

/**
 * One of the schedules of a comparison.
 *
 * @param name what tables call it; unique within the comparison
 * @param file where it was read, as given
 * @param footprint what it takes, predicted
 * @param kept what it keeps: predicted, or counted where caches were run
 */
public record Compared(String name, String file, Schedule schedule, Footprint footprint, KeptCells kept) {}
