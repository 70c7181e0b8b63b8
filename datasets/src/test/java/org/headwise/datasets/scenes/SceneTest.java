package org.headwise.datasets.scenes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SceneTest {
    @Test
    void parsesBothSentences() {
        assertEquals(
                new Scene(
                        List.of(new Thing(Size.LARGE, Colour.ORANGE, Shape.CROSS)),
                        Place.BOTTOM_RIGHT,
                        new Background(Background.Pattern.STRIPED, Colour.BLUE, Colour.PURPLE)),
                Scene.parse("a large orange cross in the bottom right on a blue and purple striped background"));
        assertEquals(
                new Scene(
                        List.of(
                                new Thing(Size.SMALL, Colour.BLUE, Shape.SQUARE),
                                new Thing(Size.LARGE, Colour.YELLOW, Shape.TRIANGLE)),
                        Relation.LEFT_OF,
                        Background.plain(Colour.BLACK)),
                Scene.parse("a small blue square left of a large yellow triangle on a black background"));
    }

    @Test
    void captionAndSceneAreTheSame() {
        for (long seed = 0; seed < 20; seed++) {
            SceneGenerator generator = new SceneGenerator(seed);
            for (int i = 0; i < 200; i++) {
                Scene scene = generator.next();
                assertEquals(scene, Scene.parse(scene.caption()), "seed " + seed + ": " + scene.caption());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a large red circle in the center on a white background and more     | word 12 is "and", expected the end of the caption
            a large red circle in the center on a white                         | it ends, expected "background"
            a huge red circle in the center on a white background               | word 2 is "huge", expected a size
            a large red circle near a small red circle on a white background    | word 5 is "near", expected "in" or a relation
            a large red circle in the corner on a white background              | word 7 is "corner", expected a place
            a large red circle in the top of on a white background              | word 8 is "of", expected "on"
            a large mauve circle in the top on a white background               | word 3 is "mauve", expected a colour
            a large red circle in the top on a white and red plain background   | word 13 is "plain", expected "striped" or "checkered"
            A large red circle in the top on a white background                 | word 1 is "A", expected "a"
            ''                                                                  | word 1 is "", expected "a"
            """)
    void refusesOtherSentences(String caption, String problem) {
        String message =
                assertThrows(InputRefused.class, () -> Scene.parse(caption)).getMessage();
        assertEquals("not a caption of a scene: \"" + caption + "\": " + problem, message);
    }

    @Test
    void drawsTheTrainingDistribution() {
        int draws = 20_000;
        int pairs = 0;
        int striped = 0;
        int checkered = 0;
        int[] places = new int[Place.values().length];
        int[] colours = new int[Colour.values().length];
        SceneGenerator generator = new SceneGenerator(5);
        for (int i = 0; i < draws; i++) {
            Scene scene = generator.next();
            pairs += scene.things().size() - 1;
            striped += scene.background().pattern() == Background.Pattern.STRIPED ? 1 : 0;
            checkered += scene.background().pattern() == Background.Pattern.CHECKERED ? 1 : 0;
            if (scene.layout() instanceof Place place) {
                places[place.ordinal()]++;
            }
            colours[scene.things().getFirst().colour().ordinal()]++;
            List<Colour> used = usedColours(scene);
            assertEquals(used.size(), Set.copyOf(used).size(), "equal colours: " + scene.caption());
        }
        assertEquals(0.40, pairs / (double) draws, 0.02);
        assertEquals(0.15, striped / (double) draws, 0.015);
        assertEquals(0.15, checkered / (double) draws, 0.015);
        for (int count : places) {
            assertEquals(1 / 9.0, count / (0.6 * draws), 0.02);
        }
        for (int count : colours) {
            assertEquals(1 / 12.0, count / (double) draws, 0.01);
        }
    }

    @Test
    void aSeedMeansTheSameForEver() {
        SceneGenerator generator = new SceneGenerator(1);
        assertEquals(
                "a large purple diamond in the right on a brown and blue striped background",
                generator.next().caption());
        assertEquals(
                "a small red diamond in the bottom left on a pink background",
                generator.next().caption());
    }

    @Test
    void vocabularyHoldsAllWords() {
        List<String> words = SceneVocabulary.words();
        assertEquals(39, words.size());
        assertEquals(39, Set.copyOf(words).size());
        assertEquals(12, words.indexOf("black"));
        assertEquals(38, words.indexOf("checkered"));
        SceneGenerator generator = new SceneGenerator(3);
        for (int i = 0; i < 2000; i++) {
            String caption = generator.next().caption();
            assertTrue(words.containsAll(List.of(caption.split(" "))), caption);
        }
    }

    private static List<Colour> usedColours(Scene scene) {
        java.util.ArrayList<Colour> used = new java.util.ArrayList<>();
        used.add(scene.background().first());
        if (scene.background().second() != null) {
            used.add(scene.background().second());
        }
        scene.things().forEach(thing -> used.add(thing.colour()));
        return used;
    }
}
