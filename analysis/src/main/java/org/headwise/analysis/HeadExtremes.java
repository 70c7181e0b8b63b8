package org.headwise.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.headwise.attention.Guidance;
import org.headwise.model.Geometry;

/**
 * The heads of a raster model at both ends of SSD's sparsity (arXiv 2510.18716), conditional rows.
 *
 * @param spatial those that look nearest, the lowest score first
 * @param semantic those that look furthest, the highest score first
 */
public record HeadExtremes(List<Scored> spatial, List<Scored> semantic) {
    /**
     * A head with its score.
     *
     * @param score from 0, all attention is near, to 1
     */
    public record Scored(int layer, int head, double score) {}

    /**
     * Finds them; of equal scores those of lower layers and heads are the lower ones. Heads without a score are left out, and no
     * head is at both ends.
     *
     * @param each how many of either kind, fewer if there are not so many
     * @return nothing if the profile has no {@link Sparsity}
     */
    public static Optional<HeadExtremes> of(Profile profile, Neighbourhood near, int each) {
        return profile.statistics().stream()
                .filter(Sparsity.class::isInstance)
                .map(Sparsity.class::cast)
                .findFirst()
                .map(sparsity -> of(
                        profile.geometry(), sparsity.score(near, Sparsity.Of.ALL_TOKENS, Guidance.CONDITIONAL), each));
    }

    /** @param scores [layers * heads] */
    static HeadExtremes of(Geometry geometry, double[] scores, int each) {
        List<Scored> rising = IntStream.range(0, scores.length)
                .filter(i -> Double.isFinite(scores[i]))
                .mapToObj(i -> new Scored(i / geometry.heads(), i % geometry.heads(), scores[i]))
                .sorted(Comparator.comparingDouble(Scored::score))
                .toList();
        int low = Math.min(each, (rising.size() + 1) / 2);
        int high = Math.min(each, rising.size() / 2);
        return new HeadExtremes(
                rising.subList(0, low),
                rising.subList(rising.size() - high, rising.size()).reversed());
    }
}
