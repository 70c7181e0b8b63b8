package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Kernels;

/**
 * Mass of a block on one source step, by the displacement between the key's cell and the cell of the source grid in
 * which the centre of the query's cell lies. All queries are folded onto one map of displacements, row of keys by row of
 * keys; distances are then taken of the map, which is smaller than the block.
 */
final class Displacement {
    private final Geometry geometry;
    private final CellTables tables;
    private final Kernels kernels;
    /** Mass by displacement: row (key minus query, plus height - 1), then column likewise. */
    private final float[] map;
    /** Rows of the map added up by {@link #ring} of their distance: a Chebyshev distance is the larger of two. */
    private final float[] ringRows;

    private final float[] dot = new float[1];
    private final double[] rings;
    private double distance;

    Displacement(Geometry geometry, CellTables tables, Kernels kernels) {
        this.geometry = geometry;
        this.tables = tables;
        this.kernels = kernels;
        rings = new double[rings(geometry)];
        int longest = 0;
        int numbers = 0;
        for (Grid grid : geometry.steps()) {
            longest = Math.max(longest, rowLength(grid));
            numbers = Math.max(numbers, 2 * grid.height() * rowLength(grid));
        }
        map = new float[numbers];
        ringRows = new float[rings.length * longest];
    }

    /** Numbers of a row of the map: one for every displacement and one that stays 0. */
    static int rowLength(Grid grid) {
        return 2 * grid.width();
    }

    /** Rings that hold every distance of the geometry. */
    static int rings(Geometry geometry) {
        int longest = geometry.steps().stream()
                .mapToInt(g -> Math.max(g.height(), g.width()))
                .max()
                .orElseThrow();
        return ring(longest - 1) + 1;
    }

    /** Ring of a Chebyshev distance in cells: 0, 1, 2, 3 to 4, 5 to 8, 9 to 16, ... */
    static int ring(int cells) {
        return cells == 0 ? 0 : 33 - Integer.numberOfLeadingZeros(cells - 1);
    }

    /** The largest distance of a ring. */
    private static int edge(int ring) {
        return ring == 0 ? 0 : 1 << (ring - 1);
    }

    /** Cell (row or column) of a grid of {@code to} cells in which the centre of cell {@code i} of {@code from} lies. */
    static int cell(int i, int from, int to) {
        return (2 * i + 1) * to / (2 * from);
    }

    /**
     * Folds the block's mass on the keys of {@code source}.
     *
     * @param mass all of it, as the digest has it already
     */
    void fold(AttentionBlock block, int source, double mass) {
        Grid target = geometry.steps().get(block.step());
        Grid grid = geometry.steps().get(source);
        if (grid.tokens() == 1) {
            Arrays.fill(rings, 0);
            rings[0] = mass;
            distance = 0;
            return;
        }
        int last = block.firstQuery() + block.queries() - 1;
        int highest = cell(block.firstQuery() / target.width(), target.height(), grid.height());
        int lowest = cell(last / target.width(), target.height(), grid.height());
        // From the first row seen from the lowest cell to the last one seen from the highest.
        int from = grid.height() - 1 - lowest;
        int to = 2 * grid.height() - 1 - highest;
        Arrays.fill(map, from * rowLength(grid), to * rowLength(grid), 0);
        int key = 0;
        for (KeyRun run : block.runs()) {
            if (run.step() == source) {
                fold(block, run, key, target, grid);
            }
            key += run.count();
        }
        measure(tables.distances(source), grid, from, to);
    }

    private void fold(AttentionBlock block, KeyRun run, int key, Grid target, Grid grid) {
        int[] columns = tables.columns(block.step(), run.step());
        int row = block.firstQuery() / target.width();
        int column = block.firstQuery() % target.width();
        int y = cell(row, target.height(), grid.height());
        for (int q = 0; q < block.queries(); q++) {
            int origin = (grid.height() - 1 - y) * rowLength(grid) + grid.width() - 1 - columns[column];
            fold(block.probabilities(), key, run, grid, origin);
            key += block.stride();
            if (++column == target.width()) {
                column = 0;
                y = cell(++row, target.height(), grid.height());
            }
        }
    }

    /** Adds the mass on a run of keys, which may begin and end within a row of the grid, to the map. */
    private void fold(float[] p, int key, KeyRun run, Grid grid, int origin) {
        int row = run.firstToken() / grid.width();
        int column = run.firstToken() % grid.width();
        int into = origin + row * rowLength(grid);
        int end = key + run.count();
        while (key < end) {
            int count = Math.min(grid.width() - column, end - key);
            kernels.add(map, into + column, p, key, count);
            key += count;
            column = 0;
            into += rowLength(grid);
        }
    }

    /** Takes distances of rows [from, to) of the map. */
    private void measure(float[] distances, Grid grid, int from, int to) {
        int length = rowLength(grid);
        Arrays.fill(ringRows, 0, rings.length * length, 0);
        distance = 0;
        for (int row = from; row < to; row++) {
            int away = Math.abs(row - (grid.height() - 1));
            kernels.add(ringRows, ring(away) * length, map, row * length, length);
            kernels.dots(map, row * length, distances, away * length, length, 1, length, dot, 0);
            distance += dot[0];
        }
        Arrays.fill(rings, 0);
        for (int ring = 0; ring < rings.length; ring++) {
            spread(ring, grid.width(), length);
        }
    }

    /** Shares the mass of rows that are so far away out to the rings of its columns, which may be farther. */
    private void spread(int ring, int width, int length) {
        int centre = ring * length + width - 1;
        rings[ring] += ringRows[centre];
        int column = 1;
        for (int farther = ring; column < width; farther++) {
            int end = Math.min(width, edge(farther) + 1);
            for (; column < end; column++) {
                rings[farther] += (double) ringRows[centre - column] + ringRows[centre + column];
            }
        }
    }

    /** Mass by {@link #ring} of the Chebyshev distance in cells of the source, added up over the block's queries. */
    double[] rings() {
        return rings;
    }

    /** Mass times Euclidean distance, where the image is one high and one wide, added up over the block's queries. */
    double distance() {
        return distance;
    }
}
