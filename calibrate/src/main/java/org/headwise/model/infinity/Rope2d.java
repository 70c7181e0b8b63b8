package org.headwise.model.infinity;

import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.model.Grid;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * Rotary positions on two axes (Infinity, precompute_rope2d_freqs_grid). Feature pairs are neighbours (2m, 2m + 1); the
 * first half of the pairs turns with the row, the second with the column, by angle position * 10000^(-2i/half),
 * half = headDim / 2.
 */
public final class Rope2d {
    private static final double BASE = 10000;

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
     * @param mode 0: raw rows and columns; 1: the cosines and sines of {@code largest}, resized; 2: the nearest row and
     *     column of {@code largest}, ties to even (released models)
     * @param largest the last grid of the template's 1M schedule
     */
    public static Rope2d of(Grid grid, Grid largest, int headDim, int mode, Engine engine) {
        return switch (mode) {
            case 0 -> table(grid, 1, 1, headDim);
            case 1 -> resized(grid, table(largest, 1, 1, headDim), largest, engine);
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

    private static Rope2d resized(Grid grid, Rope2d full, Grid largest, Engine engine) {
        Rope2d rope = new Rope2d(full.pairs, grid.tokens());
        resize(full.cos, rope.cos, full.pairs, grid, largest, engine);
        resize(full.sin, rope.sin, full.pairs, grid, largest, engine);
        return rope;
    }

    private static void resize(float[] from, float[] to, int pairs, Grid grid, Grid largest, Engine engine) {
        Tensor planes = TokenLayout.toPlanes(Tensor.of(from, 1, largest.tokens(), pairs), largest);
        Tensor small = TokenLayout.toTokens(engine.resizeBilinear(planes, grid.height(), grid.width()));
        System.arraycopy(small.data(), 0, to, 0, to.length);
    }

    /** Tables of a whole schedule, one per step. */
    static List<Rope2d> schedule(List<Grid> steps, Grid largest, int headDim, int mode, Engine engine) {
        return steps.stream()
                .map(grid -> of(grid, largest, headDim, mode, engine))
                .toList();
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
