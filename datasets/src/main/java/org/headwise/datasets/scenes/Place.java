package org.headwise.datasets.scenes;

import java.util.List;
import java.util.Locale;

/** The nine places where an object can be. */
public enum Place implements Layout {
    CENTER(32, 32),
    LEFT(17, 32),
    RIGHT(47, 32),
    TOP(32, 17),
    BOTTOM(32, 47),
    TOP_LEFT(17, 17),
    TOP_RIGHT(47, 17),
    BOTTOM_LEFT(17, 47),
    BOTTOM_RIGHT(47, 47);

    private final int x;
    private final int y;

    Place(int x, int y) {
        this.x = x;
        this.y = y;
    }

    /** Canvas column of the centre. */
    int x() {
        return x;
    }

    /** Canvas row of the centre, downwards. */
    int y() {
        return y;
    }

    @Override
    public List<Place> places() {
        return List.of(this);
    }

    /** As a caption says it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
