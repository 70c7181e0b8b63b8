package org.headwise.datasets.scenes;

/** One object of a scene. */
public record Thing(Size size, Colour colour, Shape shape) {
    Thing with(Shape other) {
        return new Thing(size, colour, other);
    }

    /** As a caption says it. */
    @Override
    public String toString() {
        return "a " + size + " " + colour + " " + shape;
    }
}
