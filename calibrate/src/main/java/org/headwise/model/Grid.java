package org.headwise.model;

/** The token grid of one step: rows, columns, tokens in row-major order. */
public record Grid(int height, int width) {
    public Grid {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("a grid needs at least one token, got " + height + " x " + width);
        }
    }

    public int tokens() {
        return Math.multiplyExact(height, width);
    }
}
