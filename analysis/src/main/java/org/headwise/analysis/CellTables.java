package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/** What {@link Displacement} looks up for every grid of a geometry; made once and shared by all threads. */
final class CellTables {
    private final float[][] distances;
    private final int[][][] rows;
    private final int[][][] columns;

    CellTables(Geometry geometry) {
        int steps = geometry.steps().size();
        distances = new float[steps][];
        rows = new int[steps][steps][];
        columns = new int[steps][steps][];
        for (int s = 0; s < steps; s++) {
            distances[s] = distances(geometry.steps().get(s));
            for (int target = s; target < steps; target++) {
                Grid from = geometry.steps().get(target);
                Grid to = geometry.steps().get(s);
                rows[target][s] = cells(from.height(), to.height());
                columns[target][s] = cells(from.width(), to.width());
            }
        }
    }

    private static float[] distances(Grid grid) {
        int length = Displacement.rowLength(grid);
        float[] table = new float[grid.height() * length];
        for (int row = 0; row < grid.height(); row++) {
            for (int column = 1 - grid.width(); column < grid.width(); column++) {
                table[row * length + column + grid.width() - 1] =
                        (float) Math.hypot(row / (double) grid.height(), column / (double) grid.width());
            }
        }
        return table;
    }

    private static int[] cells(int target, int source) {
        int[] table = new int[target];
        Arrays.setAll(table, x -> Displacement.cell(x, target, source));
        return table;
    }

    /**
     * Euclidean distance between cells of a step, where the image is one high and one wide, by displacement: |rows|, then
     * column plus width - 1 in rows of {@link Displacement#rowLength}.
     */
    float[] distances(int step) {
        return distances[step];
    }

    /** For every row of the target's grid the row of the source's grid in which its centre lies. */
    int[] rows(int target, int source) {
        return rows[target][source];
    }

    /** For every column of the target's grid the column of the source's grid in which its centre lies. */
    int[] columns(int target, int source) {
        return columns[target][source];
    }
}
