package org.headwise.datasets.scenes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.headwise.datasets.Picture;
import org.junit.jupiter.api.Test;

class SceneRendererTest {
    /** What the twelve training pictures show, read off by eye; pixels are doubled and have a white frame of one. */
    private static final List<String> TRAINING = List.of(
            "a small blue diamond in the top left on a gray background",
            "a small red triangle in the right on a green background",
            "a small cyan circle left of a large pink triangle on a purple background",
            "a large cyan square in the top left on a red background",
            "a small red square left of a large black diamond on a gray background",
            "a large cyan square in the top right on a white background",
            "a large yellow cross in the top right on a gray and cyan striped background",
            "a small cyan square in the bottom right on a orange and red striped background",
            "a large red square in the right on a pink and black striped background",
            "a small green circle above a large black square on a white background",
            "a small cyan square in the bottom left on a blue and green checkered background",
            "a large red cross in the bottom right on a gray background");

    @Test
    void drawsThePicturesThatTheModelsWereTrainedOn() throws IOException {
        BufferedImage strip = ImageIO.read(SceneRendererTest.class.getResource("training-pictures.png"));
        for (int t = 0; t < TRAINING.size(); t++) {
            Picture ours = SceneRenderer.render(Scene.parse(TRAINING.get(t)));
            for (int y = 0; y < 64; y++) {
                for (int x = 0; x < 64; x++) {
                    int theirs = strip.getRGB(t * 66 + 1 + x, 1 + y) & 0xffffff;
                    int here =
                            ours.at(x / 2, y / 2, 0) << 16 | ours.at(x / 2, y / 2, 1) << 8 | ours.at(x / 2, y / 2, 2);
                    assertEquals(
                            String.format("%06x", theirs),
                            String.format("%06x", here),
                            TRAINING.get(t) + " at " + x / 2 + ", " + y / 2);
                }
            }
        }
    }

    @Test
    void antialiasesTheEdgeOfASquare() {
        // Half width 0.85 * 8 = 6.8 around 32: canvas column 38 (centre 38.5, d = -0.3) has alpha 0.8, column 39 (d =
        // 0.7)
        // none, so picture column 19 is (0.8 * 245 + 0.2 * 20 + 20) / 2 = 110.
        Picture picture = SceneRenderer.render(Scene.parse("a small white square in the center on a black background"));
        assertEquals(245, picture.at(18, 16, 0));
        assertEquals(110, picture.at(19, 16, 0));
        assertEquals(20, picture.at(20, 16, 0));
        assertEquals(110, picture.at(12, 16, 0));
        assertEquals(110, picture.at(16, 12, 0));
        // The corner pixel: one canvas pixel of four at alpha 0.8, since d is the larger of the two distances.
        assertEquals(65, picture.at(19, 19, 0));
    }

    @Test
    void symmetricShapesAreSymmetricPictures() {
        for (Shape shape : Shape.values()) {
            for (Size size : Size.values()) {
                Scene scene = new Scene(
                        List.of(new Thing(size, Colour.RED, shape)), Place.CENTER, Background.plain(Colour.CYAN));
                Picture picture = SceneRenderer.render(scene);
                for (int i = 0; i < 32 * 32; i++) {
                    int x = i % 32;
                    int y = i / 32;
                    assertEquals(picture.at(x, y, 0), picture.at(31 - x, y, 0), scene.caption());
                    if (shape != Shape.TRIANGLE) {
                        assertEquals(picture.at(x, y, 0), picture.at(x, 31 - y, 0), scene.caption());
                        assertEquals(picture.at(x, y, 0), picture.at(y, x, 0), scene.caption());
                    }
                }
            }
        }
    }
}
