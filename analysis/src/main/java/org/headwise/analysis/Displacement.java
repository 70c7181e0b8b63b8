package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/**
 * Mass of a block on one source step, by the displacement between the key's cell and the cell of the source grid in
 * which the centre of the query's cell lies. Key token minus that cell's token is rows times width plus columns; with
 * keys left of the query kept apart from the others it tells the displacement, so that a query's keys are folded in two
 * long loops. Distances are then taken of the folded map, which is smaller than the block.
 */
final class Displacement {
    private final Geometry geometry;
    private final CellTables tables;
    private final double[] left;
    private final double[] right;
    private final double[] rings;
    private double distance;

    Displacement(Geometry geometry, CellTables tables) {
        this.geometry = geometry;
        this.tables = tables;
        int most = geometry.steps().stream().mapToInt(Grid::tokens).max().orElseThrow();
        left = new double[2 * most - 1];
        right = new double[2 * most - 1];
        rings = new double[rings(geometry)];
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
        int tokens = grid.tokens();
        int last = block.firstQuery() + block.queries() - 1;
        int highest = cell(block.firstQuery() / target.width(), target.height(), grid.height());
        int lowest = cell(last / target.width(), target.height(), grid.height());
        // From the first key seen from the lowest, rightmost cell to the last key seen from the highest, leftmost one.
        int from = Math.max(0, tokens - (lowest + 1) * grid.width());
        int to = 2 * tokens - 1 - highest * grid.width();
        Arrays.fill(left, from, to, 0);
        Arrays.fill(right, from, to, 0);
        int key = 0;
        for (KeyRun run : block.runs()) {
            if (run.step() == source) {
                fold(block, run, key, target, grid);
            }
            key += run.count();
        }
        measure(tables.distances(source), grid, highest, lowest);
    }

    private void fold(AttentionBlock block, KeyRun run, int key, Grid target, Grid grid) {
        int[] columns = tables.columns(block.step(), run.step());
        float[] notLeft = tables.notLeft(run.step());
        int row = block.firstQuery() / target.width();
        int column = block.firstQuery() % target.width();
        int y = cell(row, target.height(), grid.height());
        for (int q = 0; q < block.queries(); q++) {
            int x = columns[column];
            int side = x * grid.tokens() + run.firstToken();
            int at = grid.tokens() - 1 - y * grid.width() - x + run.firstToken();
            addRight(block.probabilities(), key, run.count(), notLeft, side, at);
            if (x > 0) {
                addLeft(block.probabilities(), key, run.count(), notLeft, side, at);
            }
            key += block.stride();
            if (++column == target.width()) {
                column = 0;
                y = cell(++row, target.height(), grid.height());
            }
        }
    }

    private void addRight(float[] p, int key, int count, float[] notLeft, int side, int at) {
        double[] into = right;
        for (int i = 0; i < count; i++) {
            into[at + i] += p[key + i] * notLeft[side + i];
        }
    }

    private void addLeft(float[] p, int key, int count, float[] notLeft, int side, int at) {
        double[] into = left;
        for (int i = 0; i < count; i++) {
            into[at + i] += p[key + i] * (1 - notLeft[side + i]);
        }
    }

    private void measure(double[] distances, Grid grid, int highest, int lowest) {
        Arrays.fill(rings, 0);
        distance = 0;
        int width = grid.width();
        for (int row = -lowest; row < grid.height() - highest; row++) {
            int table = Math.abs(row) * width;
            int centre = row * width + grid.tokens() - 1;
            int ring = ring(Math.abs(row));
            rings[ring] += right[centre];
            distance += right[centre] * distances[table];
            int column = 1;
            while (column < width) {
                // A ring ends at a power of two.
                int end = Math.min(width, (ring == 0 ? 0 : 1 << (ring - 1)) + 1);
                if (end > column) {
                    rings[ring] += pairs(distances, table, centre, column, end);
                    column = end;
                }
                ring++;
            }
        }
    }

    /** Adds up the mass on both sides of a centre; two chains, because one would wait for itself. */
    private double pairs(double[] distances, int table, int centre, int from, int to) {
        double mass0 = 0;
        double mass1 = 0;
        double sum0 = 0;
        double sum1 = 0;
        int dx = from;
        for (; dx + 2 <= to; dx += 2) {
            double a = left[centre - dx] + right[centre + dx];
            double b = left[centre - dx - 1] + right[centre + dx + 1];
            mass0 += a;
            sum0 += a * distances[table + dx];
            mass1 += b;
            sum1 += b * distances[table + dx + 1];
        }
        if (dx < to) {
            double a = left[centre - dx] + right[centre + dx];
            mass0 += a;
            sum0 += a * distances[table + dx];
        }
        distance += sum0 + sum1;
        return mass0 + mass1;
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
