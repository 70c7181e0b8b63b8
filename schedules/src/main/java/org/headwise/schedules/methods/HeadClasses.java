package org.headwise.schedules.methods;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * Which kv heads are semantic, the others being spatial (SSD, arXiv 2510.18716): those that look beyond the neighbourhood
 * of the token at hand. Made once from a score of every query head, higher for semantic ones.
 *
 * @param semantic bit {@code layer * kvHeads + kvHead}
 * @param count all kv heads, layers together
 */
record HeadClasses(BitSet semantic, int count) {
    /** Those with a score above {@code threshold} are semantic. */
    static HeadClasses above(double[] scores, double threshold) {
        BitSet semantic = new BitSet();
        IntStream.range(0, scores.length).filter(i -> scores[i] > threshold).forEach(semantic::set);
        return new HeadClasses(semantic, scores.length);
    }

    /** The {@code spatial} heads with the lowest scores are spatial; of equal ones those of lower layers and heads. */
    static HeadClasses lowest(double[] scores, int spatial) {
        List<Integer> ascending = IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[a], scores[b]))
                .toList();
        BitSet semantic = new BitSet();
        ascending.subList(spatial, scores.length).forEach(semantic::set);
        return new HeadClasses(semantic, scores.length);
    }

    int semanticHeads() {
        return semantic.cardinality();
    }

    int spatialHeads() {
        return count - semanticHeads();
    }

    boolean isSemantic(Geometry geometry, int layer, int kvHead) {
        return semantic.get(layer * geometry.kvHeads() + kvHead);
    }

    /**
     * The score of a kv head: the mean over the query heads that share it.
     *
     * @param ofHeads [layers * heads]
     * @param name of the score, for messages
     * @return [layers * kvHeads]
     * @throws InputRefused if a number is missing: nothing was observed of that head, or its attention was not finite
     */
    static double[] ofKvHeads(Geometry geometry, double[] ofHeads, String name) {
        int group = geometry.heads() / geometry.kvHeads();
        double[] scores = new double[geometry.layers() * geometry.kvHeads()];
        for (int head = 0; head < ofHeads.length; head++) {
            if (!Double.isFinite(ofHeads[head])) {
                throw new InputRefused("the " + name + " of layer " + head / geometry.heads() + " head "
                        + head % geometry.heads() + " is " + ofHeads[head]
                        + ", expected a finite number; calibrate again, with guidance if unconditional rows matter");
            }
            scores[head / group] += ofHeads[head] / group;
        }
        return scores;
    }
}
