package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.headwise.analysis.Landmarks.Place;
import org.headwise.attention.Guidance;
import org.headwise.model.Geometry;
import org.junit.jupiter.api.Test;

class LandmarksTest extends RasterStatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new Landmarks(geometry);
    }

    @Test
    void massesAreTheRecordedOnes() {
        RasterAttention attention = RasterAttention.recorded("janus_a_6x6");
        Landmarks landmarks = new Landmarks(attention.geometry().ofModel());
        attention.feed(landmarks, 48, 0);
        assertArrayEquals(
                RasterAttention.recorded("janus_a_6x6", "stat_prompt_mass"), likeRecorded(landmarks, "prompt"), 1e-6);
        assertArrayEquals(
                RasterAttention.recorded("janus_a_6x6", "stat_first_mass"),
                likeRecorded(landmarks, "first_token"),
                1e-6);
        assertArrayEquals(
                RasterAttention.recorded("janus_a_6x6", "stat_self_mass"), likeRecorded(landmarks, "self"), 1e-6);
    }

    @Test
    void placesAreWhereTheyShouldBe() {
        int prompt = 5;
        RasterAttention attention = RasterAttention.random(SMALL, prompt, 1, 3);
        Landmarks landmarks = new Landmarks(SMALL);
        attention.feed(landmarks, 2, 0);
        for (int row = 0; row < 3; row++) {
            double[] sums = new double[4];
            int queries = 0;
            for (int token = Math.max(1, row * 4); token < (row + 1) * 4; token++) {
                queries++;
                sums[0] += attention.p(token, 1, 0, 2, prompt - 1);
                for (int key = 0; key < token; key++) {
                    double p = attention.p(token, 1, 0, 2, prompt + key);
                    sums[1] += key % 4 == 0 ? p : 0;
                    sums[2] += key % 4 == 3 ? p : 0;
                    sums[3] += key < 4 ? p : 0;
                }
            }
            Place[] places = {Place.IMAGE_START, Place.FIRST_COLUMN, Place.LAST_COLUMN, Place.TOP_ROW};
            for (int i = 0; i < places.length; i++) {
                assertEquals(
                        sums[i] / queries,
                        landmarks.massByRow(places[i], 1, 2, Guidance.CONDITIONAL)[row],
                        1e-6,
                        places[i] + " row " + row);
            }
        }
    }

    @Test
    void columnsWeighQueriesAlike() {
        Landmarks landmarks = (Landmarks) fed(4, 0, 4);
        double[] rows = landmarks.massByRow(Place.PROMPT, 1, 1, Guidance.UNCONDITIONAL);
        assertEquals((3 * rows[0] + 4 * rows[1] + 4 * rows[2]) / 11, column(landmarks, "prompt_uncond")[4], 1e-9);
    }
}
