package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.headwise.analysis.Recency.Kept;
import org.headwise.attention.Guidance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class RecencyTest extends RasterStatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new Recency(geometry);
    }

    @Test
    void recentMassIsTheRecordedOne() {
        RasterAttention attention = RasterAttention.recorded("janus_a_6x6");
        Recency recency = new Recency(attention.geometry().ofModel());
        attention.feed(recency, 48, 0);
        assertArrayEquals(
                RasterAttention.recorded("janus_a_6x6", "stat_recent8_mass"), likeRecorded(recency, "recent_8"), 1e-6);
    }

    @Test
    void windowsHoldWhatCountingGives() {
        // Prompts shorter and longer than the image.
        for (int prompt : new int[] {1, 5, 20}) {
            RasterAttention attention = RasterAttention.random(SMALL, prompt, 1, prompt);
            Recency recency = new Recency(SMALL);
            attention.feed(recency, 7, 0);
            for (int size = 0; size < 12; size++) {
                double recent = 0;
                double withPrompt = 0;
                double atLag = 0;
                for (int token = 1; token < 12; token++) {
                    int query = prompt + token - 1;
                    for (int key = 0; key <= query; key++) {
                        double p = attention.p(token, 1, 1, 2, key);
                        recent += query - key < size ? p : 0;
                        withPrompt += key < prompt || query - key < size ? p : 0;
                        atLag += key >= prompt && query - key == size ? p : 0;
                    }
                }
                String what = "prompt of " + prompt + ", window " + size;
                assertEquals(
                        recent / 11, recency.windowMass(1, 2, Guidance.UNCONDITIONAL, Kept.RECENT)[size], 1e-6, what);
                assertEquals(
                        withPrompt / 11,
                        recency.windowMass(1, 2, Guidance.UNCONDITIONAL, Kept.PROMPT_AND_RECENT)[size],
                        1e-6,
                        what);
                if (size < 11) {
                    assertEquals(atLag / 11, recency.massByLag(1, 2, Guidance.UNCONDITIONAL)[size], 1e-6, what);
                }
            }
        }
    }

    @Test
    void columnsReadTheCurves() {
        Recency recency = (Recency) fed(4, 0, 3, 6);
        for (int head = 0; head < 3; head++) {
            double[] all = recency.windowMass(1, head, Guidance.CONDITIONAL, Kept.RECENT);
            double[] image = recency.windowMass(1, head, Guidance.CONDITIONAL, Kept.PROMPT_AND_RECENT);
            assertEquals(1, image[11], 1e-6);
            assertEquals(all[4], column(recency, "recent_row")[3 + head]);
            assertEquals(all[8], column(recency, "recent_2_rows")[3 + head]);
            int size = (int) column(recency, "window_90")[3 + head];
            double wanted = image[0] + 0.9 * (image[11] - image[0]);
            assertEquals(true, image[size] >= wanted && image[size - 1] < wanted);
        }
    }

    @Test
    void anImageOfOneRowHasNoSecond() {
        Geometry line = Geometry.raster("janus", 1, 1, 1, 4, new Grid(1, 5));
        Recency recency = new Recency(line);
        RasterAttention.random(line, 2, 1, 1).feed(recency, 4, 0);
        double[] windows = recency.windowMass(0, 0, Guidance.CONDITIONAL, Kept.RECENT);
        assertEquals(windows[4], column(recency, "recent_2_rows")[0]);
    }
}
