package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/**
 * Mass of a block on one source step, by the displacement between the key's cell and the cell of the source grid in
 * which the centre of the query's cell lies. The block is folded into a map of displacements with one addition per
 * probability; distances are then taken of the map, which is far smaller than the block.
 */
final class Displacement {
    private final Geometry geometry;
    private final double[][] distances;
    private final double[] map;
    private final double[] rings;
    private double distance;

    Displacement(Geometry geometry) {
        this.geometry = geometry;
        int most = 0;
        distances = new double[geometry.steps().size()][];
        for (int s = 0; s < distances.length; s++) {
            Grid grid = geometry.steps().get(s);
            most = Math.max(most, Math.multiplyExact(2 * grid.height() - 1, 2 * grid.width() - 1));
            distances[s] = distances(grid);
        }
        map = new double[most];
        rings = new double[rings(geometry)];
    }

    // [|dy|, |dx|] in shares of the image's height and width
    private static double[] distances(Grid grid) {
        double[] table = new double[grid.tokens()];
        for (int i = 0; i < table.length; i++) {
            table[i] = Math.hypot(i / grid.width() / (double) grid.height(), i % grid.width() / (double) grid.width());
        }
        return table;
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

    /** Folds the block's mass on the keys of {@code source}. */
    void fold(AttentionBlock block, int source) {
        Grid target = geometry.steps().get(block.step());
        Grid grid = geometry.steps().get(source);
        int last = block.firstQuery() + block.queries() - 1;
        int highest = cell(block.firstQuery() / target.width(), target.height(), grid.height());
        int lowest = cell(last / target.width(), target.height(), grid.height());
        int wide = 2 * grid.width() - 1;
        int fromRow = grid.height() - 1 - lowest;
        int toRow = 2 * grid.height() - 1 - highest;
        Arrays.fill(map, fromRow * wide, toRow * wide, 0);
        for (int q = 0; q < block.queries(); q++) {
            int query = block.firstQuery() + q;
            int y = cell(query / target.width(), target.height(), grid.height());
            int x = cell(query % target.width(), target.width(), grid.width());
            int origin = (grid.height() - 1 - y) * wide + grid.width() - 1 - x;
            int key = q * block.stride();
            for (KeyRun run : block.runs()) {
                if (run.step() == source) {
                    add(block.probabilities(), key, run, grid.width(), origin);
                }
                key += run.count();
            }
        }
        measure(source, grid, fromRow, toRow);
    }

    private void add(float[] p, int key, KeyRun run, int width, int origin) {
        double[] into = map;
        int column = run.firstToken() % width;
        int at = origin + run.firstToken() / width * (2 * width - 1);
        int end = key + run.count();
        while (key < end) {
            int n = Math.min(width - column, end - key);
            for (int i = 0; i < n; i++) {
                into[at + column + i] += p[key + i];
            }
            key += n;
            column = 0;
            at += 2 * width - 1;
        }
    }

    private void measure(int source, Grid grid, int fromRow, int toRow) {
        Arrays.fill(rings, 0);
        distance = 0;
        int width = grid.width();
        for (int row = fromRow; row < toRow; row++) {
            int dy = Math.abs(row - grid.height() + 1);
            int centre = row * (2 * width - 1) + width - 1;
            int table = dy * width;
            int ring = ring(dy);
            rings[ring] += map[centre];
            distance += map[centre] * distances[source][table];
            int dx = 1;
            while (dx < width) {
                // The last distance of this ring is the next power of two.
                int end = Math.min(width, (ring == 0 ? 0 : 1 << (ring - 1)) + 1);
                if (end > dx) {
                    rings[ring] += pairs(distances[source], table, centre, dx, end);
                }
                dx = Math.max(dx, end);
                ring++;
            }
        }
    }

    /** Adds up the mass left and right of a centre; two chains, because one would wait for itself. */
    private double pairs(double[] table, int row, int centre, int from, int to) {
        double mass0 = 0;
        double mass1 = 0;
        double sum0 = 0;
        double sum1 = 0;
        int dx = from;
        for (; dx + 2 <= to; dx += 2) {
            double a = map[centre - dx] + map[centre + dx];
            double b = map[centre - dx - 1] + map[centre + dx + 1];
            mass0 += a;
            sum0 += a * table[row + dx];
            mass1 += b;
            sum1 += b * table[row + dx + 1];
        }
        if (dx < to) {
            double a = map[centre - dx] + map[centre + dx];
            mass0 += a;
            sum0 += a * table[row + dx];
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
