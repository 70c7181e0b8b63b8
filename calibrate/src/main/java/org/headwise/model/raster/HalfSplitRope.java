package org.headwise.model.raster;

import org.headwise.attention.KeyTurn;

/**
 * Rotary positions in the half-split form of Llama: component j of a head pairs with component j + d / 2, and the angle
 * is position * theta^(-2j / d). Everything is rounded to float32 where PyTorch rounds.
 */
public final class HalfSplitRope implements Rotation {
    private final float[] cos;
    private final float[] sin;
    private final int half;

    /** Positions 0 to {@code positions - 1} of heads of {@code headDim} numbers. */
    public HalfSplitRope(int positions, int headDim, float theta) {
        half = headDim / 2;
        cos = new float[positions * half];
        sin = new float[positions * half];
        for (int j = 0; j < half; j++) {
            float frequency = 1 / (float) Math.pow(theta, (float) (2 * j) / headDim);
            for (int position = 0; position < positions; position++) {
                float angle = position * frequency;
                cos[position * half + j] = (float) Math.cos(angle);
                sin[position * half + j] = (float) Math.sin(angle);
            }
        }
    }

    @Override
    public void rotate(float[] x, int at, int heads, int position) {
        for (int start = at; start < at + 2 * half * heads; start += 2 * half) {
            turn(x, start, position, 1);
        }
    }

    /** Rotations add up: another one by the difference. */
    @Override
    public KeyTurn keyTurn() {
        return (key, at, positions) -> turn(key, at, Math.abs(positions), Integer.signum(positions));
    }

    private void turn(float[] x, int start, int position, int direction) {
        int table = position * half;
        for (int j = 0; j < half; j++) {
            float a = x[start + j];
            float b = x[start + half + j];
            float s = direction * sin[table + j];
            x[start + j] = a * cos[table + j] - b * s;
            x[start + half + j] = b * cos[table + j] + a * s;
        }
    }
}
