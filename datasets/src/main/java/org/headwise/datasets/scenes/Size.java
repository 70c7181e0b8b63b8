package org.headwise.datasets.scenes;

import java.util.Locale;

/** How large an object is. */
public enum Size {
    SMALL(8),
    LARGE(14);

    private final int radius;

    Size(int radius) {
        this.radius = radius;
    }

    /** In canvas pixels. */
    int radius() {
        return radius;
    }

    /** As a caption says it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
