package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The error function against tabulated values (Abramowitz and Stegun, table 7.1) and its symmetry. */
class ExactGeluTest {
    @Test
    void errorFunctionHasItsTabulatedValues() {
        double[][] table = {
            {0, 0},
            {0.1, 0.1124629160182849},
            {0.5, 0.5204998778130465},
            {1, 0.8427007929497149},
            {1.5, 0.9661051464753108},
            {2, 0.9953222650189527},
            {3, 0.9999779095030014},
            {4, 0.9999999845827421},
            {7, 1}
        };
        for (double[] row : table) {
            assertEquals(row[1], ExactGelu.erf(row[0]), 1e-15);
            assertEquals(-row[1], ExactGelu.erf(-row[0]), 1e-15);
        }
        assertTrue(Double.isNaN(ExactGelu.erf(Double.NaN)));
    }

    @Test
    void farFromZeroItIsTheNumberOrNothing() {
        float[] x = {-20, -1, 0, 1, 20};
        ExactGelu.apply(x, 0, x.length);
        assertEquals(0, x[0], 1e-30f);
        assertEquals(-0.15865525f, x[1], 1e-8f);
        assertEquals(0, x[2], 1e-30f);
        assertEquals(0.84134475f, x[3], 1e-7f);
        assertEquals(20, x[4]);
    }
}
