package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.headwise.attention.Guidance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class TokenMapsTest extends RasterStatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new TokenMaps(geometry);
    }

    @Override
    Statistic watchingTheFirstStep() {
        return new TokenMaps(SMALL, ChosenTokens.parse("0:0,1:1", SMALL.raster()));
    }

    @Test
    void mapsAreTheRecordedAttention() {
        likeRecorded(RasterAttention.recorded("janus_a_6x6"), 1e-7);
        likeRecorded(RasterAttention.recorded("janus_b_gqa_6x6_b2"), 1e-7);
    }

    @Test
    void aClassIsAPromptOfOneToken() {
        likeRecorded(RasterAttention.recordedOfClasses("llamagen_c2i_a"), 1e-7);
    }

    /** Every token but the last of a recorded image, in three choices, read straight off the recorded rows. */
    private static void likeRecorded(RasterAttention attention, double tolerance) {
        Geometry geometry = attention.geometry();
        Grid image = geometry.raster();
        int images = attention.rows() / 2;
        for (int third = 0; third < 3; third++) {
            int offset = third;
            List<Integer> chosen = IntStream.range(0, image.tokens() - 1)
                    .filter(token -> token % 3 == offset)
                    .boxed()
                    .toList();
            TokenMaps maps = new TokenMaps(geometry.ofModel(), new ChosenTokens(image, chosen));
            attention.feed(maps, 48, 0);
            for (int token : chosen) {
                for (int cell = 0; cell < 2 * geometry.layers() * geometry.heads(); cell++) {
                    int layer = cell / 2 / geometry.heads();
                    int head = cell / 2 % geometry.heads();
                    Guidance guidance = cell % 2 == 0 ? Guidance.CONDITIONAL : Guidance.UNCONDITIONAL;
                    double[] expected = new double[token + 1];
                    double prompt = 0;
                    for (int i = 0; i < images; i++) {
                        for (int key = 0; key < geometry.promptTokens() + token + 1; key++) {
                            // The query that reads a token is the one that predicts the next.
                            double p = attention.p(token + 1, layer, 2 * i + cell % 2, head, key) / images;
                            if (key < geometry.promptTokens()) {
                                prompt += p;
                            } else {
                                expected[key - geometry.promptTokens()] += p;
                            }
                        }
                    }
                    String what = "token " + token + ", layer " + layer + ", head " + head + ", " + guidance;
                    assertArrayEquals(expected, maps.map(layer, head, guidance, token), tolerance, what);
                    assertEquals(prompt, maps.promptMass(layer, head, guidance, token), 1e-6, what);
                }
            }
        }
    }

    @Test
    void aMapAndThePromptAreAllAttention() {
        long seed = new Random().nextLong(1000);
        TokenMaps maps = (TokenMaps) fed(4, 0, seed, seed + 1, seed + 2);
        for (int token : maps.tokens().tokens()) {
            for (Guidance guidance : Guidance.values()) {
                double[] map = maps.map(1, 2, guidance, token);
                assertEquals(token + 1, map.length);
                assertEquals(
                        1,
                        Arrays.stream(map).sum() + maps.promptMass(1, 2, guidance, token),
                        1e-6,
                        "token " + token + ", seed " + seed);
            }
        }
    }

    @Test
    void theMeanOverPromptsIsThatOfTheirMaps() {
        TokenMaps both = (TokenMaps) fed(4, 0, 3, 9);
        TokenMaps first = (TokenMaps) fed(4, 0, 3);
        TokenMaps second = (TokenMaps) fed(4, 0, 9);
        for (int token : both.tokens().tokens()) {
            double[] expected = first.map(0, 1, Guidance.UNCONDITIONAL, token);
            double[] other = second.map(0, 1, Guidance.UNCONDITIONAL, token);
            Arrays.setAll(expected, key -> (expected[key] + other[key]) / 2);
            assertArrayEquals(expected, both.map(0, 1, Guidance.UNCONDITIONAL, token), 1e-12);
        }
    }

    @Test
    void whatWasNotSeenIsNoNumber() {
        TokenMaps maps = new TokenMaps(SMALL);
        int token = maps.tokens().tokens().getFirst();
        assertTrue(Double.isNaN(maps.promptMass(0, 0, Guidance.CONDITIONAL, token)));
        assertTrue(Arrays.stream(maps.map(0, 0, Guidance.CONDITIONAL, token)).allMatch(Double::isNaN));
        assertThrows(IllegalArgumentException.class, () -> maps.map(0, 0, Guidance.CONDITIONAL, 0));
    }

    @Test
    void theChoiceIsASettingThatMakesTheSameAgain() {
        TokenMaps chosen = new TokenMaps(SMALL, ChosenTokens.parse("1:2,0:1", SMALL.raster()));
        assertEquals(Map.of("map tokens", "0:1,1:2"), chosen.settings());
        TokenMaps again = (TokenMaps) Statistics.like(SMALL, List.of(chosen)).getFirst();
        assertEquals(chosen.tokens(), again.tokens());
        again.sums().add(chosen.sums());
    }

    /** Such an image has no token that is read, so nothing is chosen. */
    @Test
    void anImageOfOneTokenHasNoMaps() {
        Geometry one = Geometry.raster("janus", 1, 1, 1, 2, new Grid(1, 1));
        TokenMaps maps = new TokenMaps(one);
        assertEquals(Map.of("map tokens", ""), maps.settings());
        TokenMaps again = (TokenMaps) Statistics.like(one, List.of(maps)).getFirst();
        assertEquals(List.of(), again.tokens().tokens());
        again.sums().add(maps.sums());
    }
}
