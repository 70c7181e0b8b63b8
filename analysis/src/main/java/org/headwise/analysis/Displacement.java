package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Kernels;

/**
 * Mass of a block on every source step, by the displacement between the key's cell and the cell of the source grid in
 * which the centre of the query's cell lies. All queries are folded onto one map of displacements per source, row of keys
 * by row of keys; distances are then taken of the maps, which are smaller than the block.
 */
final class Displacement {
    private final Geometry geometry;
    private final CellTables tables;
    private final Kernels kernels;
    /** Mass by displacement: row (key minus query, plus height - 1), then column likewise; one source after another. */
    private final float[] map;

    private final int[] mapAt;
    /** Rows of a map added up by {@link #ring} of their distance: a Chebyshev distance is the larger of two. */
    private final float[] ringRows;

    private final float[] dot = new float[1];
    private final double[][] rings;
    private final double[] distances;
    private AttentionBlock block;

    Displacement(Geometry geometry, CellTables tables, Kernels kernels) {
        this.geometry = geometry;
        this.tables = tables;
        this.kernels = kernels;
        int steps = geometry.steps().size();
        mapAt = new int[steps + 1];
        int longest = 0;
        for (int source = 0; source < steps; source++) {
            Grid grid = geometry.steps().get(source);
            mapAt[source + 1] = mapAt[source] + 2 * grid.height() * rowLength(grid);
            longest = Math.max(longest, rowLength(grid));
        }
        map = new float[mapAt[steps]];
        rings = new double[steps][rings(geometry)];
        ringRows = new float[rings(geometry) * longest];
        distances = new double[steps];
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

    /** Starts on a block, of which every query is then added once. */
    void begin(AttentionBlock block) {
        this.block = block;
        for (int source = 0; source <= block.step(); source++) {
            int length = rowLength(geometry.steps().get(source));
            int at = mapAt[source];
            Arrays.fill(map, at + highestRow(source) * length, at + (lowestRow(source) + 1) * length, 0);
        }
    }

    /** The first row of a source's map that this block can fill: its first row of keys, seen from the lowest query. */
    private int highestRow(int source) {
        int last = block.firstQuery() + block.queries() - 1;
        return geometry.steps().get(source).height() - 1 - row(last, source);
    }

    /** The last row of a source's map that this block can fill: its last row of keys, seen from the highest query. */
    private int lowestRow(int source) {
        return 2 * (geometry.steps().get(source).height() - 1) - row(block.firstQuery(), source);
    }

    /** Row of the source's grid in which a query of the block's step lies. */
    private int row(int query, int source) {
        int width = geometry.steps().get(block.step()).width();
        return tables.rows(block.step(), source)[query / width];
    }

    /** Folds one of the block's queries. */
    void add(int query) {
        int width = geometry.steps().get(block.step()).width();
        int row = (block.firstQuery() + query) / width;
        int column = (block.firstQuery() + query) % width;
        int key = query * block.stride();
        for (KeyRun run : block.runs()) {
            Grid grid = geometry.steps().get(run.step());
            if (grid.tokens() > 1) {
                int y = tables.rows(block.step(), run.step())[row];
                int x = tables.columns(block.step(), run.step())[column];
                int origin = mapAt[run.step()] + (grid.height() - 1 - y) * rowLength(grid) + grid.width() - 1 - x;
                fold(block.probabilities(), key, run, grid, origin);
            }
            key += run.count();
        }
    }

    /** Adds the mass on a run of keys, which may begin and end within a row of the grid, to the map. */
    private void fold(float[] p, int key, KeyRun run, Grid grid, int origin) {
        int column = run.firstToken() % grid.width();
        int into = origin + run.firstToken() / grid.width() * rowLength(grid);
        int end = key + run.count();
        while (key < end) {
            int count = Math.min(grid.width() - column, end - key);
            kernels.add(map, into + column, p, key, count);
            key += count;
            column = 0;
            into += rowLength(grid);
        }
    }

    /**
     * Takes distances, once all queries are there.
     *
     * @param masses of every source, as the digest has them already
     */
    void end(double[] masses) {
        for (int source = 0; source <= block.step(); source++) {
            Arrays.fill(rings[source], 0);
            distances[source] = 0;
            if (geometry.tokens(source) == 1) {
                rings[source][0] = masses[source];
            } else if (masses[source] != 0) {
                measure(source);
            }
        }
    }

    private void measure(int source) {
        Grid grid = geometry.steps().get(source);
        int length = rowLength(grid);
        Arrays.fill(ringRows, 0, rings[source].length * length, 0);
        int end = lowestRow(source);
        for (int row = highestRow(source); row <= end; row++) {
            int at = mapAt[source] + row * length;
            int away = Math.abs(row - (grid.height() - 1));
            kernels.add(ringRows, ring(away) * length, map, at, length);
            kernels.dots(map, at, tables.distances(source), away * length, length, 1, length, dot, 0);
            distances[source] += dot[0];
        }
        for (int ring = 0; ring < rings[source].length; ring++) {
            spread(ring, grid.width(), length, rings[source]);
        }
    }

    /** Shares the mass of rows that are so far away out to the rings of its columns, which may be farther. */
    private void spread(int ring, int width, int length, double[] into) {
        int centre = ring * length + width - 1;
        into[ring] += ringRows[centre];
        int column = 1;
        for (int farther = ring; column < width; farther++) {
            int end = Math.min(width, edge(farther) + 1);
            for (; column < end; column++) {
                into[farther] += (double) ringRows[centre - column] + ringRows[centre + column];
            }
        }
    }

    /** Mass on a source by {@link #ring} of the Chebyshev distance in its cells, added up over the block's queries. */
    double[] rings(int source) {
        return rings[source];
    }

    /** Mass on a source times Euclidean distance, where the image is one high and one wide, added up over the queries. */
    double distance(int source) {
        return distances[source];
    }
}
