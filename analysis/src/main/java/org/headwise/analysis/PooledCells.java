package org.headwise.analysis;

import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/** Keys of every step pooled to a grid of at most 16 x 16 cells, all steps in one row of numbers. */
final class PooledCells {
    private static final int MOST = 16;

    private final Geometry geometry;
    private final Grid[] grids;
    private final int[] first;
    private final int[][] keys;
    private final int count;

    PooledCells(Geometry geometry) {
        this.geometry = geometry;
        int steps = geometry.steps().size();
        grids = new Grid[steps];
        first = new int[steps];
        keys = new int[steps][];
        int sum = 0;
        for (int s = 0; s < steps; s++) {
            Grid grid = geometry.steps().get(s);
            int down = factor(grid.height());
            int across = factor(grid.width());
            grids[s] = new Grid(Math.ceilDiv(grid.height(), down), Math.ceilDiv(grid.width(), across));
            keys[s] = new int[grids[s].tokens()];
            for (int token = 0; token < grid.tokens(); token++) {
                keys[s][token / grid.width() / down * grids[s].width() + token % grid.width() / across]++;
            }
            first[s] = sum;
            sum += grids[s].tokens();
        }
        count = sum;
    }

    private static int factor(int extent) {
        return Math.ceilDiv(extent, MOST);
    }

    /** Cells of all steps. */
    int count() {
        return count;
    }

    /** Where the cells of a step start. */
    int first(int step) {
        return first[step];
    }

    Grid grid(int step) {
        return grids[step];
    }

    /** Keys in each cell of a step. */
    int[] keys(int step) {
        return keys[step];
    }

    /** Adds numbers of a run's keys, from {@code key} on, to the cells of one head, which start at {@code at}. */
    void add(double[] values, int key, KeyRun run, double[] cells, int at) {
        Grid grid = geometry.steps().get(run.step());
        int width = grid.width();
        int down = factor(grid.height());
        int across = factor(width);
        int token = run.firstToken();
        int end = token + run.count();
        while (token < end) {
            int row = token / width;
            int rowEnd = Math.min(end, (row + 1) * width);
            int into = at + first[run.step()] + row / down * grids[run.step()].width();
            int column = token - row * width;
            while (token < rowEnd) {
                int cell = column / across;
                int n = Math.min((cell + 1) * across - column, rowEnd - token);
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += values[key + i];
                }
                cells[into + cell] += sum;
                key += n;
                token += n;
                column += n;
            }
        }
    }
}
