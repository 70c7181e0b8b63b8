package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

/** How heads rank by SSD's sparsity, and whether other prompts rank them the same. */
class SparsityRankingTest {
    private static final Geometry GEOMETRY = Geometry.raster("janus", 5, 4, 4, 8, new Grid(4, 4));
    private static final Provenance PROVENANCE =
            new Provenance("headwise test", List.of("headwise"), new TreeMap<>(), List.of(), Map.of());

    /** A share {@code far[head]} of one query's attention on the prompt, the rest right above the token. */
    private static Sparsity sparsity(double[] far) {
        Sparsity sparsity = new Sparsity(GEOMETRY);
        for (int head = 0; head < far.length; head++) {
            sparsity.sums().get("queries")[2 * head] = 1;
            sparsity.sums().get("prompt")[2 * head] = far[head];
            // One row up and one column right of the token read is right above the token predicted.
            sparsity.sums().get("offsets")[(2 * head * 4 + 1) * 7 + 4] = 1 - far[head];
        }
        return sparsity;
    }

    private static PromptProfiles run(List<double[]> byPrompt) {
        List<Sums> sums = byPrompt.stream().map(far -> sparsity(far).sums()).toList();
        Sparsity all = new Sparsity(GEOMETRY);
        sums.forEach(all.sums()::add);
        Profile whole = new Profile(GEOMETRY, PROVENANCE, sums.size(), List.of(all));
        return PromptProfiles.of(
                whole, byPrompt.stream().map(Arrays::toString).toList(), (prompt, name) -> sums.get(prompt));
    }

    @Test
    void theEndsOfTheScoreAreFound() {
        for (long seed = 0; seed < 20; seed++) {
            double[] far = new Random(seed).doubles(20).toArray();
            Profile profile = run(List.of(far)).whole();
            HeadExtremes ends =
                    HeadExtremes.of(profile, Neighbourhood.IMMEDIATE, 4).orElseThrow();
            double[] sorted = far.clone();
            Arrays.sort(sorted);
            for (int i = 0; i < 4; i++) {
                HeadExtremes.Scored low = ends.spatial().get(i);
                HeadExtremes.Scored high = ends.semantic().get(i);
                assertEquals(sorted[i], low.score(), 1e-12, "seed " + seed);
                assertEquals(sorted[19 - i], high.score(), 1e-12, "seed " + seed);
                assertEquals(far[low.layer() * 4 + low.head()], low.score(), 1e-12, "seed " + seed);
            }
        }
    }

    @Test
    void noHeadIsAtBothEndsAndThoseWithoutAScoreAtNone() {
        double[] scores = new double[20];
        Arrays.fill(scores, Double.NaN);
        scores[3] = 0.5;
        scores[7] = 0.2;
        scores[12] = 0.9;
        HeadExtremes ends = HeadExtremes.of(GEOMETRY, scores, 4);
        assertEquals(List.of(new HeadExtremes.Scored(1, 3, 0.2), new HeadExtremes.Scored(0, 3, 0.5)), ends.spatial());
        assertEquals(List.of(new HeadExtremes.Scored(3, 0, 0.9)), ends.semantic());
        Profile other = new Profile(GEOMETRY, PROVENANCE, 1, List.of(new Recency(GEOMETRY)));
        assertTrue(HeadExtremes.of(other, Neighbourhood.IMMEDIATE, 4).isEmpty());
    }

    @Test
    void stabilityOfTwoPromptsIsTheirRankCorrelationAndTheOverlapOfTheirSpatialHeads() {
        for (long seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            double[] a = random.doubles(20).toArray();
            double[] b = random.doubles(20).toArray();
            Stability stability = Stability.ofColumn(run(List.of(a, b)), "sparsity.score");
            assertEquals(
                    new SpearmansCorrelation().correlation(a, b),
                    stability.spearman(1, 5, seed).mean(),
                    1e-12,
                    "seed " + seed);
            Set<Integer> both = lowest(a, 6);
            both.retainAll(lowest(b, 6));
            assertEquals(
                    both.size() / (12.0 - both.size()),
                    stability.jaccard(0.3, 1, 5, seed).mean(),
                    1e-12,
                    "seed " + seed);
        }
    }

    private static Set<Integer> lowest(double[] values, int count) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            order.add(i);
        }
        order.sort((x, y) -> Double.compare(values[x], values[y]));
        return new HashSet<>(order.subList(0, count));
    }

    @Test
    void aColumnWithGapsIsRefused() {
        // All attention on the prompt leaves none of which a share could be taken.
        double[] one = new double[20];
        one[5] = 1;
        PromptProfiles run = run(List.of(new double[20], one));
        InputRefused refused = assertThrows(InputRefused.class, () -> Stability.ofColumn(run, "sparsity.image_score"));
        assertTrue(refused.getMessage().contains("sparsity.image_score"), refused.getMessage());
        assertThrows(InputRefused.class, () -> Stability.ofColumn(run(List.of(new double[20])), "sparsity.score"));
    }
}
