package org.headwise.schedules.evaluate;

/** How far the ids and the logits of a step are from those of a reference run. */
public final class IdDistance {
    private IdDistance() {}

    /** Share of equal ids, 0 to 1. */
    public static double agreement(int[] reference, int[] ids) {
        requireEqual(reference.length, ids.length);
        int equal = 0;
        for (int i = 0; i < ids.length; i++) {
            equal += ids[i] == reference[i] ? 1 : 0;
        }
        return (double) equal / ids.length;
    }

    /**
     * Mean over the ids of KL(reference || other) in nats, between the softmax of each id's logits.
     *
     * @param reference [ids, choices]
     * @param other [ids, choices]
     */
    public static double divergence(float[] reference, float[] other, int choices) {
        requireEqual(reference.length, other.length);
        double sum = 0;
        for (int at = 0; at < reference.length; at += choices) {
            double logP = logSum(reference, at, choices);
            double logQ = logSum(other, at, choices);
            for (int c = at; c < at + choices; c++) {
                double p = reference[c] - logP;
                sum += Math.exp(p) * (p - (other[c] - logQ));
            }
        }
        // Rounding can leave a hair below zero, which no divergence is.
        return Math.max(0, sum / (reference.length / choices));
    }

    private static double logSum(float[] logits, int at, int choices) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = at; c < at + choices; c++) {
            most = Math.max(most, logits[c]);
        }
        double sum = 0;
        for (int c = at; c < at + choices; c++) {
            sum += Math.exp(logits[c] - most);
        }
        return most + Math.log(sum);
    }

    private static void requireEqual(int a, int b) {
        if (a != b) {
            throw new IllegalArgumentException("runs of " + a + " and " + b + " numbers cannot be compared");
        }
    }
}
