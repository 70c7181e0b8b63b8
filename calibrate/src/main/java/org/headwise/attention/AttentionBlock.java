package org.headwise.attention;

import java.util.Arrays;
import java.util.List;
import org.headwise.model.Geometry;

/**
 * Attention probabilities of a run of queries of one head: all that an observer ever sees, so that the full matrix never
 * exists. The arrays belong to the engine and are valid only during the call.
 *
 * @param image index of the image within the batch
 * @param guidance which guidance row of that image
 * @param head query head within the layer
 * @param step the step that the queries belong to (the target scale)
 * @param firstQuery index of the first query among the tokens of that step
 * @param queries number of queries in this block
 * @param keys number of keys that the queries see; where a prompt is read causally, those behind a query have
 *     probability 0
 * @param runs where the keys come from, in order
 * @param probabilities row q of the block starts at {@code q * stride}; its first {@code keys} numbers add up to 1
 * @param stride distance between rows, at least {@code keys}
 * @param entropies [queries], Shannon entropy of every row in nats: nearly free where softmax is made
 */
public record AttentionBlock(
        Geometry geometry,
        int image,
        Guidance guidance,
        int layer,
        int head,
        int step,
        int firstQuery,
        int queries,
        int keys,
        List<KeyRun> runs,
        float[] probabilities,
        int stride,
        double[] entropies) {

    /** A block of probabilities that come from elsewhere, whose entropies are still to be computed. */
    public AttentionBlock(
            Geometry geometry,
            int image,
            Guidance guidance,
            int layer,
            int head,
            int step,
            int firstQuery,
            int queries,
            int keys,
            List<KeyRun> runs,
            float[] probabilities,
            int stride) {
        this(
                geometry,
                image,
                guidance,
                layer,
                head,
                step,
                firstQuery,
                queries,
                keys,
                runs,
                probabilities,
                stride,
                new double[queries]);
        Arrays.setAll(entropies, q -> entropy(probabilities, q * stride, keys));
    }

    /** Sum over the queries of their entropies over all keys, in nats. */
    public double entropy() {
        return Arrays.stream(entropies).sum();
    }

    private static double entropy(float[] p, int at, int keys) {
        double sum = 0;
        for (int k = at; k < at + keys; k++) {
            sum -= p[k] > 0 ? p[k] * Math.log(p[k]) : 0;
        }
        return sum;
    }
}
