package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class HeadClassesTest {
    private static final Geometry SHARED = Geometry.raster("janus", 2, 4, 2, 4, new Grid(3, 3));

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    @Test
    void aThresholdIsNotReachedByItsEqual() {
        HeadClasses classes = HeadClasses.above(new double[] {0.1, 0.5, 0.51, 0.9}, 0.5);
        assertEquals(bits(2, 3), classes.semantic());
        assertEquals(2, classes.semanticHeads());
        assertEquals(2, classes.spatialHeads());
    }

    @Test
    void ofEqualScoresTheFirstAreSpatial() {
        assertEquals(
                bits(0, 3),
                HeadClasses.lowest(new double[] {0.7, 0.2, 0.2, 0.2}, 2).semantic());
        assertEquals(bits(), HeadClasses.lowest(new double[] {0.7, 0.2}, 2).semantic());
        assertEquals(bits(0, 1), HeadClasses.lowest(new double[] {0.7, 0.2}, 0).semantic());
    }

    @Test
    void everySplitSeparatesScores() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            double[] scores = random.doubles(1 + random.nextInt(40)).toArray();
            int spatial = random.nextInt(scores.length + 1);
            HeadClasses classes = HeadClasses.lowest(scores, spatial);
            assertEquals(spatial, classes.spatialHeads(), "seed " + seed);
            double highestSpatial = Double.NEGATIVE_INFINITY;
            double lowestSemantic = Double.POSITIVE_INFINITY;
            for (int i = 0; i < scores.length; i++) {
                if (classes.semantic().get(i)) {
                    lowestSemantic = Math.min(lowestSemantic, scores[i]);
                } else {
                    highestSpatial = Math.max(highestSpatial, scores[i]);
                }
            }
            assertTrue(highestSpatial <= lowestSemantic, "seed " + seed);
        }
    }

    @Test
    void aKvHeadHasTheMeanOfItsQueryHeads() {
        double[] scores =
                HeadClasses.ofKvHeads(SHARED, new double[] {0.25, 0.75, 0, 1, 0.5, 0.5, 0.125, 0.375}, "score");
        assertArrayEquals(new double[] {0.5, 0.5, 0.5, 0.25}, scores);
        HeadClasses classes = HeadClasses.above(scores, 0.3);
        assertTrue(classes.isSemantic(SHARED, 1, 0));
        assertFalse(classes.isSemantic(SHARED, 1, 1));
    }

    @Test
    void aMissingScoreIsRefusedWithItsPlace() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            String message = assertThrows(
                            InputRefused.class,
                            () -> HeadClasses.ofKvHeads(
                                    SHARED, new double[] {0, 0, 0, 0, 0, bad, 0, 0}, "sparsity score"))
                    .getMessage();
            assertTrue(message.contains("the sparsity score of layer 1 head 1 is " + bad), message);
        }
    }
}
