package org.headwise.model;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Top-k and top-p sampling as upstream's sample_with_top_k_top_p: entries below the k-th largest are masked (ties
 * stay), then, in ascending order, entries are masked while their cumulative probability is at most 1 - p; the most
 * likely entry always stays.
 */
public final class Sampler {
    private final int topK;
    private final float topP;

    /**
     * @param topK 0 keeps all, 1 is greedy
     * @param topP 0 or at least 1 keeps all
     */
    public Sampler(int topK, float topP) {
        this.topK = topK;
        this.topP = topP;
    }

    /** Whether no random number is ever drawn. */
    public boolean greedy() {
        return topK == 1;
    }

    /** Sets masked entries of {@code choices} logits at {@code offset} to minus infinity. */
    public void mask(float[] logits, int offset, int choices) {
        if (topK > 0 && topK < choices) {
            float[] sorted = Arrays.copyOfRange(logits, offset, offset + choices);
            Arrays.sort(sorted);
            float least = sorted[choices - topK];
            for (int i = offset; i < offset + choices; i++) {
                if (logits[i] < least) {
                    logits[i] = Float.NEGATIVE_INFINITY;
                }
            }
        }
        if (topP > 0 && topP < 1) {
            maskTail(logits, offset, choices);
        }
    }

    private void maskTail(float[] logits, int offset, int choices) {
        float[] probabilities = probabilities(logits, offset, choices);
        Integer[] ascending = new Integer[choices];
        Arrays.setAll(ascending, i -> i);
        Arrays.sort(ascending, (a, b) -> Float.compare(logits[offset + a], logits[offset + b]));
        float cumulative = 0;
        for (int i = 0; i < choices - 1; i++) {
            cumulative += probabilities[ascending[i]];
            if (cumulative <= 1 - topP) {
                logits[offset + ascending[i]] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /** Softmax of {@code choices} logits at {@code offset}. */
    public static float[] probabilities(float[] logits, int offset, int choices) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < choices; i++) {
            max = Math.max(max, logits[offset + i]);
        }
        float[] out = new float[choices];
        float sum = 0;
        for (int i = 0; i < choices; i++) {
            out[i] = (float) Math.exp(logits[offset + i] - max);
            sum += out[i];
        }
        for (int i = 0; i < choices; i++) {
            out[i] /= sum;
        }
        return out;
    }

    /** Chooses one of {@code choices} logits at {@code offset}; the logits are masked in place unless greedy. */
    public int sample(float[] logits, int offset, int choices, SplittableRandom random) {
        if (greedy()) {
            int best = 0;
            for (int i = 1; i < choices; i++) {
                best = logits[offset + i] > logits[offset + best] ? i : best;
            }
            return best;
        }
        mask(logits, offset, choices);
        float[] probabilities = probabilities(logits, offset, choices);
        double draw = random.nextDouble();
        int last = 0;
        for (int i = 0; i < choices; i++) {
            if (probabilities[i] > 0) {
                last = i;
                draw -= probabilities[i];
                if (draw < 0) {
                    break;
                }
            }
        }
        return last;
    }
}
