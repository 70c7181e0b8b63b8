package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.headwise.model.Geometry;
import org.junit.jupiter.api.Test;

class RasterDispersionTest extends RasterStatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new RasterDispersion(geometry);
    }

    @Test
    void entropyAndTopMassAreTheRecordedOnes() {
        RasterAttention attention = RasterAttention.recorded("janus_a_6x6");
        RasterDispersion dispersion = new RasterDispersion(attention.geometry().ofModel());
        attention.feed(dispersion, 48, 0);
        assertArrayEquals(
                RasterAttention.recorded("janus_a_6x6", "stat_entropy"), likeRecorded(dispersion, "entropy"), 1e-5);
        assertArrayEquals(
                RasterAttention.recorded("janus_a_6x6", "stat_top8_mass"), likeRecorded(dispersion, "top_8"), 1e-6);
    }

    @Test
    void uniformAttentionIsAllThatKeysAllow() {
        RasterAttention attention = RasterAttention.random(SMALL, 3, 1, 1);
        float[] rest = attention.rest();
        int positions = attention.geometry().totalTokens();
        for (int i = 0; i < rest.length; i++) {
            int token = i / (2 * 2 * 3 * positions);
            rest[i] = i % positions < 3 + token ? 1f / (3 + token) : 0;
        }
        RasterDispersion dispersion = new RasterDispersion(SMALL);
        attention.feed(dispersion, 48, 0);
        assertTrueOfAll(1, column(dispersion, "relative_entropy"));
        double logarithms = 0;
        double largest = 0;
        for (int token = 1; token < 12; token++) {
            logarithms += Math.log(3 + token) / 11;
            largest += 1.0 / (3 + token) / 11;
        }
        assertTrueOfAll(Math.exp(logarithms), column(dispersion, "effective_keys"));
        assertTrueOfAll(largest, column(dispersion, "maximum_uncond"));
    }

    private static void assertTrueOfAll(double expected, double[] values) {
        Arrays.stream(values).forEach(value -> assertEquals(expected, value, 1e-5));
    }
}
