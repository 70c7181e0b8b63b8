package org.headwise.datasets.scenes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.headwise.datasets.Picture;
import org.headwise.datasets.SplitMix64;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.Test;

class SceneCheckerTest {
    @Test
    void renderedScenesAreRight() {
        for (long seed = 0; seed < 5; seed++) {
            SceneGenerator generator = new SceneGenerator(seed);
            for (int i = 0; i < 100; i++) {
                Scene scene = generator.next();
                SceneCheck check = SceneChecker.check(SceneRenderer.render(scene), scene);
                assertEquals(1, check.score(), "seed " + seed + ": " + scene.caption() + ": " + check);
                assertEquals(
                        scene.things().size() == 1 ? 4 : 7, check.attributes().size());
            }
        }
    }

    @Test
    void otherScenesAreMostlyWrong() {
        for (long seed = 0; seed < 5; seed++) {
            SceneGenerator generator = new SceneGenerator(seed);
            double sum = 0;
            Scene last = generator.next();
            for (int i = 0; i < 100; i++) {
                Scene scene = generator.next();
                sum += SceneChecker.check(SceneRenderer.render(last), scene).score();
                last = scene;
            }
            assertTrue(sum / 100 < 0.5, "seed " + seed + ": mean score of mismatched captions " + sum / 100);
        }
    }

    @Test
    void oneWrongAttributeIsFound() {
        Picture picture = SceneRenderer.render(
                Scene.parse("a large red circle left of a small green cross on a white and blue checkered background"));
        assertWrong(
                picture,
                "a large red square left of a small green cross on a white and blue checkered background",
                "first shape",
                "circle");
        assertWrong(
                picture,
                "a large red circle left of a small brown cross on a white and blue checkered background",
                "second colour",
                "green");
        assertWrong(
                picture,
                "a large red circle left of a small green cross on a white and cyan checkered background",
                "background",
                "a white and blue checkered background");
        Picture single = SceneRenderer.render(Scene.parse("a small pink ring in the top on a black background"));
        SceneCheck moved =
                SceneChecker.check(single, Scene.parse("a small pink ring in the bottom left on a black background"));
        assertEquals("top", found(moved, "first place"));
        Picture swapped =
                SceneRenderer.render(Scene.parse("a small red circle above a small blue circle on a white background"));
        SceneCheck below = SceneChecker.check(
                swapped, Scene.parse("a small red circle below a small blue circle on a white background"));
        assertEquals("top", found(below, "first place"));
        assertEquals("bottom", found(below, "second place"));
    }

    @Test
    void everyObjectOwnsPixels() {
        for (Shape shape : Shape.values()) {
            for (Size size : Size.values()) {
                for (Place place : Place.values()) {
                    Scene scene = new Scene(
                            List.of(new Thing(size, Colour.YELLOW, shape)), place, Background.plain(Colour.BLUE));
                    assertEquals(
                            1,
                            SceneChecker.check(SceneRenderer.render(scene), scene)
                                    .score(),
                            scene.caption());
                }
            }
        }
    }

    @Test
    void toleratesNoise() {
        SceneGenerator generator = new SceneGenerator(11);
        SplitMix64 random = new SplitMix64(11);
        double sum = 0;
        for (int i = 0; i < 100; i++) {
            Scene scene = generator.next();
            byte[] rgb = SceneRenderer.render(scene).rgb().clone();
            for (int j = 0; j < rgb.length; j++) {
                rgb[j] = (byte) Math.clamp((rgb[j] & 0xff) + random.below(41) - 20, 0, 255);
            }
            sum += SceneChecker.check(new Picture(32, 32, rgb), scene).score();
        }
        assertTrue(sum / 100 > 0.95, "mean score under noise of +-20: " + sum / 100);
    }

    @Test
    void largerPicturesAreReduced() {
        SceneGenerator generator = new SceneGenerator(2);
        for (int i = 0; i < 20; i++) {
            Scene scene = generator.next();
            for (int side : new int[] {64, 100}) {
                assertEquals(
                        1,
                        SceneChecker.check(enlarge(SceneRenderer.render(scene), side), scene)
                                .score(),
                        side + ": " + scene.caption());
            }
        }
    }

    @Test
    void refusesWhatIsNoSquare() {
        Scene scene = new SceneGenerator(0).next();
        for (int[] size : new int[][] {{64, 32}, {32, 31}, {16, 16}}) {
            Picture picture = new Picture(size[0], size[1], new byte[size[0] * size[1] * 3]);
            InputRefused refused = assertThrows(InputRefused.class, () -> SceneChecker.check(picture, scene));
            assertTrue(refused.getMessage().contains(size[0] + " x " + size[1]), refused.getMessage());
        }
    }

    private static void assertWrong(Picture picture, String caption, String name, String found) {
        SceneCheck check = SceneChecker.check(picture, Scene.parse(caption));
        assertEquals(6 / 7.0, check.score(), 1e-12, check.toString());
        assertEquals(found, found(check, name));
    }

    private static String found(SceneCheck check, String name) {
        return check.attributes().stream()
                .filter(attribute -> attribute.name().equals(name))
                .findFirst()
                .orElseThrow()
                .found();
    }

    private static Picture enlarge(Picture picture, int side) {
        byte[] rgb = new byte[side * side * 3];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % side * picture.width() / side;
            int y = i / 3 / side * picture.height() / side;
            rgb[i] = (byte) picture.at(x, y, i % 3);
        }
        return new Picture(side, side, rgb);
    }
}
