package org.headwise.attention;

import java.util.List;
import org.headwise.model.Geometry;

/**
 * Who looks at the attention of one layer of one step.
 *
 * @param rows what the batch rows are, one entry per row
 */
public record Observation(Geometry geometry, List<BatchRow> rows, int layer, int step, AttentionObserver observer) {
    public Observation {
        rows = List.copyOf(rows);
    }
}
