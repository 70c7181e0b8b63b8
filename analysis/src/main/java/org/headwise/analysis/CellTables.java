package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/** What {@link Displacement} looks up for every grid of a geometry; made once and shared by all threads. */
final class CellTables {
    private final double[][] distances;
    private final float[][] notLeft;
    private final int[][][] columns;

    CellTables(Geometry geometry) {
        int steps = geometry.steps().size();
        distances = new double[steps][];
        notLeft = new float[steps][];
        columns = new int[steps][steps][];
        for (int s = 0; s < steps; s++) {
            distances[s] = distances(geometry.steps().get(s));
            notLeft[s] = notLeft(geometry.steps().get(s));
            for (int target = s; target < steps; target++) {
                int width = geometry.steps().get(s).width();
                columns[target][s] = columnsOf(geometry.steps().get(target).width(), width);
            }
        }
    }

    private static double[] distances(Grid grid) {
        double[] table = new double[grid.tokens()];
        for (int i = 0; i < table.length; i++) {
            table[i] = Math.hypot(i / grid.width() / (double) grid.height(), i % grid.width() / (double) grid.width());
        }
        return table;
    }

    private static int[] columnsOf(int target, int source) {
        int[] table = new int[target];
        Arrays.setAll(table, x -> Displacement.cell(x, target, source));
        return table;
    }

    private static float[] notLeft(Grid grid) {
        float[] table = new float[Math.multiplyExact(grid.width(), grid.tokens())];
        for (int column = 0; column < grid.width(); column++) {
            for (int k = 0; k < grid.tokens(); k++) {
                table[column * grid.tokens() + k] = k % grid.width() >= column ? 1 : 0;
            }
        }
        return table;
    }

    /** Euclidean distance by [|rows|, |columns|] between cells of a step, where the image is one high and one wide. */
    double[] distances(int step) {
        return distances[step];
    }

    /** [columns, tokens]: 1 where the token's column is not left of that column, else 0. */
    float[] notLeft(int step) {
        return notLeft[step];
    }

    /** For every column of the target's grid the column of the source's grid in which its centre lies. */
    int[] columns(int target, int source) {
        return columns[target][source];
    }
}
