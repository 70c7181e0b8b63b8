package org.headwise.model.raster;

import org.headwise.attention.KeyTurn;

/** Turns queries and keys by the position of their token. */
@FunctionalInterface
public interface Rotation {
    /** Turns {@code heads} heads that lie one after another from {@code at} on; {@code position} counts from 0. */
    void rotate(float[] x, int at, int heads, int position);

    /** Moves rotated keys to other positions; null where positions are not on a line. */
    default KeyTurn keyTurn() {
        return null;
    }
}
