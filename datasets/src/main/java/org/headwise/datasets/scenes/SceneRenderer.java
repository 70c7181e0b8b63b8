package org.headwise.datasets.scenes;

import java.util.List;
import org.headwise.datasets.Picture;

/**
 * Draws a scene on a 64 x 64 canvas and halves it to a 32 x 32 picture. All arithmetic is float32: the training pictures
 * were drawn so, and edges often fall on a rounding tie.
 */
public final class SceneRenderer {
    /** Width and height of a rendered picture. */
    public static final int SIDE = 32;

    static final int CANVAS = 2 * SIDE;

    private SceneRenderer() {}

    /** The picture of a scene: the 2 x 2 mean of the canvas, rounded half up. */
    public static Picture render(Scene scene) {
        return render(scene.background(), scene.things(), scene.layout().places());
    }

    /** The same with any places, even equal ones; later objects lie over earlier ones. */
    static Picture render(Background background, List<Thing> things, List<Place> places) {
        float[] canvas = fill(background);
        for (int i = 0; i < things.size(); i++) {
            lay(canvas, things.get(i), places.get(i));
        }
        return halve(canvas);
    }

    /** How much of canvas pixel (x, y) an object covers: 0 to 1, antialiased over one pixel at its edge. */
    static float alpha(Thing thing, Place place, int x, int y) {
        float distance = thing.shape()
                .distance(
                        x + 0.5f - place.x(), y + 0.5f - place.y(), thing.size().radius());
        return Math.clamp(0.5f - distance, 0f, 1f);
    }

    private static float[] fill(Background background) {
        float[] canvas = new float[CANVAS * CANVAS * 3];
        for (int y = 0; y < CANVAS; y++) {
            for (int x = 0; x < CANVAS; x++) {
                Colour behind = background.at(x, y);
                for (int c = 0; c < 3; c++) {
                    canvas[(y * CANVAS + x) * 3 + c] = behind.channel(c);
                }
            }
        }
        return canvas;
    }

    private static void lay(float[] canvas, Thing thing, Place place) {
        for (int y = 0; y < CANVAS; y++) {
            for (int x = 0; x < CANVAS; x++) {
                float alpha = alpha(thing, place, x, y);
                for (int c = 0; c < 3; c++) {
                    int i = (y * CANVAS + x) * 3 + c;
                    canvas[i] = canvas[i] * (1 - alpha) + thing.colour().channel(c) * alpha;
                }
            }
        }
    }

    private static Picture halve(float[] canvas) {
        byte[] rgb = new byte[SIDE * SIDE * 3];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                for (int c = 0; c < 3; c++) {
                    int at = (2 * y * CANVAS + 2 * x) * 3 + c;
                    float sum = canvas[at] + canvas[at + 3] + canvas[at + CANVAS * 3] + canvas[at + CANVAS * 3 + 3];
                    rgb[(y * SIDE + x) * 3 + c] = (byte) Math.floor(sum / 4 + 0.5f);
                }
            }
        }
        return new Picture(SIDE, SIDE, rgb);
    }
}
