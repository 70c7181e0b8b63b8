package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.headwise.analysis.Received.From;
import org.headwise.attention.Guidance;
import org.headwise.model.Geometry;
import org.junit.jupiter.api.Test;

class ReceivedTest extends RasterStatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new Received(geometry);
    }

    @Test
    void sumsOfColumnsAreTheRecordedOnes() {
        RasterAttention attention = RasterAttention.recorded("janus_a_6x6");
        Received received = new Received(attention.geometry().ofModel());
        attention.feed(received, 5, 0);
        double[] image = RasterAttention.recorded("janus_a_6x6", "stat_colsum");
        double[] all = RasterAttention.recorded("janus_a_6x6", "stat_colsum_with_prefill");
        int prompt = attention.geometry().promptTokens();
        for (int i = 0; i < image.length; i++) {
            int position = i % 47;
            int head = i / 47 % 4;
            Guidance guidance = i / (47 * 4) % 2 == 0 ? Guidance.CONDITIONAL : Guidance.UNCONDITIONAL;
            int layer = i / (47 * 4 * 2);
            if (position >= prompt) {
                assertEquals(image[i], received.byImageToken(layer, head, guidance)[position - prompt], 1e-4);
                assertEquals(image[i], all[i], 0);
            } else {
                double later = received.byPromptToken(layer, head, guidance, From.IMAGE_QUERIES, position, prompt);
                double earlier = received.byPromptToken(layer, head, guidance, From.PROMPT_QUERIES, position, prompt);
                assertEquals(image[i], later, 1e-4);
                assertEquals(all[i], later + earlier, 1e-4);
            }
        }
    }

    @Test
    void imagesOfABatchAverageToTheRecordedRows() {
        RasterAttention attention = RasterAttention.recorded("janus_b_gqa_6x6_b2");
        Received received = new Received(attention.geometry().ofModel());
        attention.feed(received, 48, 0);
        double[] image = RasterAttention.recorded("janus_b_gqa_6x6_b2", "stat_colsum");
        int prompt = attention.geometry().promptTokens();
        for (int layer = 0; layer < 3; layer++) {
            for (int head = 0; head < 4; head++) {
                double[] mean = received.byImageToken(layer, head, Guidance.UNCONDITIONAL);
                double[] perQuery = received.byImageTokenPerQuery(layer, head, Guidance.UNCONDITIONAL);
                for (int token = 0; token < 35; token++) {
                    double first = image[((layer * 4 + 1) * 4 + head) * 47 + prompt + token];
                    double second = image[((layer * 4 + 3) * 4 + head) * 47 + prompt + token];
                    assertEquals((first + second) / 2, mean[token], 1e-4);
                    assertEquals(mean[token] / (35 - token), perQuery[token], 1e-9);
                }
                assertEquals(0, mean[35]);
            }
        }
    }

    @Test
    void concentrationIsThatOfSingleImages() {
        double[] even = new double[12];
        double[] odd = new double[12];
        Received received = new Received(SMALL);
        for (int prompt = 2; prompt < 4; prompt++) {
            RasterAttention attention = RasterAttention.random(SMALL, prompt, 1, prompt);
            attention.feed(received, 4, 0);
            for (int token = 1; token < 12; token++) {
                for (int key = 0; key < token; key++) {
                    (prompt == 2 ? even : odd)[key] += attention.p(token, 0, 0, 1, prompt + key);
                }
            }
        }
        assertEquals((gini(even) + gini(odd)) / 2, column(received, "gini")[1], 1e-6);
        // 20% of the 11 tokens that are ever read are three.
        assertEquals((largest(even, 3) + largest(odd, 3)) / 2, column(received, "top_20_percent")[1], 1e-6);
    }

    /** By its definition: half the relative mean difference. */
    private static double gini(double[] values) {
        double differences = 0;
        double sum = 0;
        for (int i = 0; i < 11; i++) {
            sum += values[i];
            for (int j = 0; j < 11; j++) {
                differences += Math.abs(values[i] - values[j]);
            }
        }
        return differences / (2 * 11 * sum);
    }

    private static double largest(double[] values, int count) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        double sum = 0;
        double largest = 0;
        for (int i = 0; i < sorted.length; i++) {
            sum += sorted[i];
            largest += i >= sorted.length - count ? sorted[i] : 0;
        }
        return largest / sum;
    }

    @Test
    void theEndsOfPromptsAreToldApart() {
        int prompt = 70;
        RasterAttention attention = RasterAttention.random(SMALL, prompt, 1, 5);
        Received received = new Received(SMALL);
        attention.feed(received, 6, 0);
        double[] expected = new double[prompt];
        for (int key = 0; key < prompt; key++) {
            for (int token = 0; token < 12; token++) {
                expected[key] += attention.p(token, 1, 1, 0, key);
            }
        }
        double middle = 0;
        for (int key = 32; key < 38; key++) {
            middle += expected[key];
        }
        double[] got = new double[prompt];
        for (int key = 0; key < prompt; key++) {
            expected[key] = key >= 32 && key < 38 ? middle : expected[key];
            got[key] = received.byPromptToken(1, 0, Guidance.UNCONDITIONAL, From.IMAGE_QUERIES, key, prompt);
        }
        assertArrayEquals(expected, got, 1e-5);
    }

    @Test
    void anUnfinishedImageLeavesNothing() {
        Received received = new Received(SMALL);
        RasterAttention attention = RasterAttention.random(SMALL, 3, 1, 2);
        for (int step = 0; step < 5; step++) {
            attention.feed(received, step, 0, 0, 0, 48, 0);
        }
        Received fresh = new Received(SMALL);
        for (int step = 0; step < 12; step++) {
            attention.feed(received, step, 0, 0, 0, 48, 0);
            attention.feed(fresh, step, 0, 0, 0, 48, 0);
        }
        StatisticContract.assertSame(fresh.sums(), received.sums(), 0);
    }
}
