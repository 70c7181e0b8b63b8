package org.headwise.datasets.scenes;

import java.util.List;
import java.util.Locale;

/** How the first of two objects lies to the second. */
public enum Relation implements Layout {
    LEFT_OF(Place.LEFT, Place.RIGHT),
    RIGHT_OF(Place.RIGHT, Place.LEFT),
    ABOVE(Place.TOP, Place.BOTTOM),
    BELOW(Place.BOTTOM, Place.TOP);

    private final List<Place> places;

    Relation(Place first, Place second) {
        places = List.of(first, second);
    }

    @Override
    public List<Place> places() {
        return places;
    }

    /** As a caption says it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
