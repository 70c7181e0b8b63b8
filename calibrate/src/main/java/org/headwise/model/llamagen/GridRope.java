package org.headwise.model.llamagen;

import org.headwise.model.Grid;
import org.headwise.model.raster.Rotation;

/**
 * LlamaGen's rotary positions on the image grid: neighbouring numbers of a head are a pair; the first half of the pairs
 * turns by the row of the token, the second by its column. Tokens of the condition are multiplied with zero, so that
 * every score against them is 0.
 */
public final class GridRope implements Rotation {
    private final int promptTokens;
    private final int pairs;
    private final float[] table;

    public GridRope(int promptTokens, Grid image, int headDim, float theta) {
        this.promptTokens = promptTokens;
        this.pairs = headDim / 2;
        this.table = new float[(promptTokens + image.tokens()) * pairs * 2];
        int half = pairs / 2;
        for (int j = 0; j < half; j++) {
            float frequency = 1 / (float) Math.pow(theta, (float) (2 * j) / pairs);
            for (int token = 0; token < image.tokens(); token++) {
                set(token, j, token / image.width() * frequency);
                set(token, half + j, token % image.width() * frequency);
            }
        }
    }

    private void set(int token, int pair, float angle) {
        int at = ((promptTokens + token) * pairs + pair) * 2;
        table[at] = (float) Math.cos(angle);
        table[at + 1] = (float) Math.sin(angle);
    }

    /** Cosines and sines, [condition and image tokens, headDim / 2, 2]. */
    public float[] table() {
        return table.clone();
    }

    @Override
    public void rotate(float[] x, int at, int heads, int position) {
        for (int i = 0; i < heads * pairs; i++) {
            int turn = (position * pairs + i % pairs) * 2;
            float a = x[at + 2 * i];
            float b = x[at + 2 * i + 1];
            x[at + 2 * i] = a * table[turn] - b * table[turn + 1];
            x[at + 2 * i + 1] = b * table[turn] + a * table[turn + 1];
        }
    }
}
