package org.headwise.datasets.scenes;

import java.util.List;

/** What a checker says of a picture: which attributes of its caption it shows. */
public record SceneCheck(List<Attribute> attributes) {
    /**
     * One attribute.
     *
     * @param name "background", or "first" or "second" with "colour", "shape" or "place"
     * @param expected what the caption says
     * @param found what the picture shows most
     */
    public record Attribute(String name, String expected, String found) {
        public boolean right() {
            return expected.equals(found);
        }
    }

    public SceneCheck {
        attributes = List.copyOf(attributes);
    }

    /** The share of attributes that are right: 0 to 1. */
    public double score() {
        return (double) attributes.stream().filter(Attribute::right).count() / attributes.size();
    }
}
