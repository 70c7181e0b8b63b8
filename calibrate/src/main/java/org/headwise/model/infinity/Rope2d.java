package org.headwise.model.infinity;

import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.model.Grid;

/**
 * Rotary positions on two axes (Infinity, precompute_rope2d_freqs_grid). Feature pairs are neighbours (2m, 2m + 1); the
 * first half of the pairs turns with the row, the second with the column, by angle position * 10000^(-2i/half),
 * half = headDim / 2.
 */
public final class Rope2d {
    private static final double BASE = 10000;
    /** Rows and columns of the map that mode 1 resizes, whatever the template: 2048 pixels of 16 to a token. */
    private static final int MAP = 128;

    private final int pairs;
    private final float[] cos;
    private final float[] sin;

    private Rope2d(int pairs, int tokens) {
        this.pairs = pairs;
        cos = new float[tokens * pairs];
        sin = new float[tokens * pairs];
    }

    /**
     * The table of one grid.
     *
     * @param headDim width of a head, a multiple of 4
     * @param mode 0: raw rows and columns; 1: the cosines and sines of a fixed square map, resized; 2: the nearest row and
     *     column of {@code largest}, ties to even (released models)
     * @param largest the last grid of the template's 1M schedule
     */
    public static Rope2d of(Grid grid, Grid largest, int headDim, int mode) {
        return switch (mode) {
            case 0 -> table(grid, 1, 1, headDim);
            case 1 -> resized(grid, table(new Grid(MAP, MAP), 1, 1, headDim));
            case 2 ->
                table(
                        grid,
                        (float) ((double) largest.height() / grid.height()),
                        (float) ((double) largest.width() / grid.width()),
                        headDim);
            default -> throw new InputRefused("rope2d_normalized_by_hw is " + mode + ", expected 0, 1 or 2");
        };
    }

    private static Rope2d table(Grid grid, float rowStep, float columnStep, int headDim) {
        int perAxis = headDim / 4;
        Rope2d rope = new Rope2d(2 * perAxis, grid.tokens());
        float[] frequencies = new float[perAxis];
        for (int i = 0; i < perAxis; i++) {
            frequencies[i] = 1f / (float) Math.pow(BASE, (float) (2 * i) / (headDim / 2));
        }
        for (int row = 0, at = 0; row < grid.height(); row++) {
            float y = (float) Math.rint(row * rowStep);
            for (int column = 0; column < grid.width(); column++) {
                float x = (float) Math.rint(column * columnStep);
                for (int i = 0; i < perAxis; i++) {
                    rope.set(at + i, y * frequencies[i]);
                    rope.set(at + perAxis + i, x * frequencies[i]);
                }
                at += 2 * perAxis;
            }
        }
        return rope;
    }

    private void set(int at, float angle) {
        cos[at] = (float) Math.cos(angle);
        sin[at] = (float) Math.sin(angle);
    }

    /**
     * Corners stay on corners, so the first token has angle 0 and the last that of the far corner. The step is rounded
     * to float and the position is not, as in the recorded tables.
     */
    private static Rope2d resized(Grid grid, Rope2d full) {
        Rope2d rope = new Rope2d(full.pairs, grid.tokens());
        double down = step(grid.height());
        double across = step(grid.width());
        for (int row = 0; row < grid.height(); row++) {
            int top = (int) (down * row);
            float y = (float) (down * row - top);
            for (int column = 0; column < grid.width(); column++) {
                int left = (int) (across * column);
                float x = (float) (across * column - left);
                int at = (row * grid.width() + column) * full.pairs;
                sample(full.cos, full.pairs, top, left, y, x, rope.cos, at);
                sample(full.sin, full.pairs, top, left, y, x, rope.sin, at);
            }
        }
        return rope;
    }

    private static float step(int extent) {
        return extent == 1 ? 0 : (float) (MAP - 1) / (extent - 1);
    }

    /** Bilinear sample of a map [MAP, MAP, pairs], all pairs of one place. */
    private static void sample(float[] map, int pairs, int top, int left, float y, float x, float[] into, int at) {
        int upper = (top * MAP + left) * pairs;
        int lower = top < MAP - 1 ? upper + MAP * pairs : upper;
        int right = left < MAP - 1 ? pairs : 0;
        for (int pair = 0; pair < pairs; pair++) {
            float above = (1 - x) * map[upper + pair] + x * map[upper + right + pair];
            float below = (1 - x) * map[lower + pair] + x * map[lower + right + pair];
            into[at + pair] = (1 - y) * above + y * below;
        }
    }

    /** Tables of a whole schedule, one per step. */
    static List<Rope2d> schedule(List<Grid> steps, Grid largest, int headDim, int mode) {
        return steps.stream().map(grid -> of(grid, largest, headDim, mode)).toList();
    }

    /** Cosine of a token's pair; pairs count from 0 to headDim / 2 - 1. */
    public float cos(int token, int pair) {
        return cos[token * pairs + pair];
    }

    /** Sine, as {@link #cos(int, int)}. */
    public float sin(int token, int pair) {
        return sin[token * pairs + pair];
    }

    /** Rotates one head's vector [headDim] at {@code offset} in place, for the given token of the grid. */
    public void rotate(float[] vector, int offset, int token) {
        for (int m = 0, at = token * pairs; m < pairs; m++, at++) {
            float a = vector[offset + 2 * m];
            float b = vector[offset + 2 * m + 1];
            vector[offset + 2 * m] = a * cos[at] - b * sin[at];
            vector[offset + 2 * m + 1] = a * sin[at] + b * cos[at];
        }
    }
}
