package org.headwise.datasets.scenes;

import java.util.Locale;

/** The six shapes, each by its signed distance to the outline. */
public enum Shape {
    CIRCLE,
    SQUARE,
    TRIANGLE,
    DIAMOND,
    RING,
    CROSS;

    /**
     * Signed distance in canvas pixels, negative inside, of the point (x, y) relative to the centre, y downwards. In
     * float32, as the pictures that the models were trained on.
     */
    float distance(float x, float y, int radius) {
        float ax = Math.abs(x);
        float ay = Math.abs(y);
        return switch (this) {
            case CIRCLE -> (float) Math.hypot(x, y) - radius;
            case SQUARE -> Math.max(ax, ay) - (float) (0.85 * radius);
            case TRIANGLE -> Math.max(y - (float) (0.8 * radius), (2 * ax - (y + radius)) / (float) Math.sqrt(5));
            case DIAMOND -> (ax + ay - (float) (1.2 * radius)) / (float) Math.sqrt(2);
            case RING -> Math.abs((float) Math.hypot(x, y) - 0.75f * radius) - 0.25f * radius;
            case CROSS -> {
                float arm = (float) (0.3 * radius);
                yield Math.min(Math.max(ax - radius, ay - arm), Math.max(ay - radius, ax - arm));
            }
        };
    }

    /** As a caption says it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
