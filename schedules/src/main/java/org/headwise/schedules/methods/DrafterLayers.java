package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * Which layers are drafters at which scales (ScaleKV, equation 3): the pairs of layer and scale with the lowest
 * selectivity, in deviations from the mean of their scale.
 *
 * @param afterStep per step, the layers that keep much after it, because they are drafters at the scale that follows
 */
public record DrafterLayers(List<BitSet> afterStep) {
    /**
     * @param zScores [layers, steps]
     * @param first the first step after which anything is cut
     * @param count how many pairs; all, if there are fewer
     */
    static DrafterLayers of(Geometry geometry, double[] zScores, int first, int count) {
        record Pair(double z, int step, int layer) {}
        int steps = geometry.steps().size();
        List<Pair> pairs = new ArrayList<>();
        for (int step = first; step < steps - 1; step++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                double z = zScores[layer * steps + step + 1];
                if (!Double.isFinite(z)) {
                    throw new InputRefused("layer " + layer + " has no selectivity at scale " + (step + 1) + " (found "
                            + z + "), so it cannot be ranked; calibrate with the statistic selectivity");
                }
                pairs.add(new Pair(z + 0.0, step, layer));
            }
        }
        pairs.sort(
                Comparator.comparingDouble(Pair::z).thenComparingInt(Pair::step).thenComparingInt(Pair::layer));
        List<BitSet> layers = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            layers.add(new BitSet());
        }
        pairs.stream().limit(count).forEach(pair -> layers.get(pair.step).set(pair.layer));
        return new DrafterLayers(layers);
    }
}
