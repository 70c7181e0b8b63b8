package org.headwise.datasets;

/** Reduces pictures by area means: every output pixel is the mean of the input area that it covers. */
public final class AreaMean {
    private AreaMean() {}

    /** The channel values, 0 to 255, of the picture reduced to {@code side} x {@code side}: [side, side, 3]. */
    public static double[] reduce(Picture picture, int side) {
        double[] out = new double[side * side * 3];
        double[] columns = new double[picture.width()];
        double[] rows = new double[picture.height()];
        for (int y = 0; y < side; y++) {
            overlap(rows, y, side);
            for (int x = 0; x < side; x++) {
                overlap(columns, x, side);
                mean(picture, rows, columns, out, (y * side + x) * 3);
            }
        }
        return out;
    }

    /** Share of output cell {@code cell} (of {@code side}) that each input pixel of one axis makes up. */
    private static void overlap(double[] shares, int cell, int side) {
        double length = (double) shares.length / side;
        for (int i = 0; i < shares.length; i++) {
            double covered = Math.min(i + 1, (cell + 1) * length) - Math.max(i, cell * length);
            shares[i] = Math.max(0, covered) / length;
        }
    }

    private static void mean(Picture picture, double[] rows, double[] columns, double[] out, int at) {
        for (int y = 0; y < rows.length; y++) {
            for (int x = 0; rows[y] > 0 && x < columns.length; x++) {
                double share = rows[y] * columns[x];
                for (int c = 0; share > 0 && c < 3; c++) {
                    out[at + c] += share * picture.at(x, y, c);
                }
            }
        }
    }
}
