package org.headwise.datasets.scenes;

import java.util.List;

/**
 * A procedural scene: one object at a place, or two in a relation, on a background.
 *
 * @param things the objects in the order of the caption; later ones lie over earlier ones
 * @param layout a {@link Place} for one object, a {@link Relation} for two
 */
public record Scene(List<Thing> things, Layout layout, Background background) {
    public Scene {
        things = List.copyOf(things);
        if (things.size() != layout.places().size()) {
            throw new IllegalArgumentException(things.size() + " objects do not fit \"" + layout + "\"");
        }
    }

    /**
     * The scene that a caption describes.
     *
     * @throws org.headwise.files.InputRefused if the caption is not of the grammar, naming the first word that is not
     */
    public static Scene parse(String caption) {
        return new CaptionParser(caption).scene();
    }

    /** The caption: the only sentence of the grammar that describes this scene. */
    public String caption() {
        return switch (layout) {
            case Place place -> things.getFirst() + " in the " + place + " on " + background;
            case Relation relation -> things.getFirst() + " " + relation + " " + things.getLast() + " on " + background;
        };
    }
}
