package org.headwise.calibrate;

import java.util.Map;
import org.headwise.attention.AttentionObserver;

/** An observer whose whole memory is sums and counts. */
public interface Accumulator extends AttentionObserver {
    /** Lower-case name, unique among the statistics of a run; part of the file format. */
    String name();

    /** Raised whenever the meaning of the sums changes; runs of different versions or {@link #settings} do not merge. */
    int version();

    /** What else decides what the sums mean, by name: part of the run's settings, so that another choice is another run. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** The live sums. */
    Sums sums();
}
