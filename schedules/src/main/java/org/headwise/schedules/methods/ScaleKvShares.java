package org.headwise.schedules.methods;

import java.util.Arrays;
import java.util.BitSet;
import org.headwise.model.Geometry;

/**
 * Shares a number of tokens out between drafters and refiners, scale by scale; over its layers every scale has the mean,
 * or a few tokens less.
 *
 * @param mean tokens a kv head may hold if all layers hold the same
 * @param start paper: what refiners keep after the first step that is cut, as a part of the mean
 * @param decay paper: by how much that falls from step to step, as a part of the mean
 * @param floor the least that refiners keep, as a part of the mean
 */
record ScaleKvShares(Allocation allocation, int mean, double start, double decay, double floor) {
    /** How the tokens of a scale are shared out. */
    enum Allocation {
        /**
         * Refiners follow a falling line (equation 4), drafters share the rest evenly; what drafters could not fill goes
         * back to the refiners.
         */
        PAPER,
        /**
         * What the released files follow: drafters keep the most with which whole numbers share the tokens out exactly,
         * refiners the rest.
         */
        RELEASED
    }

    /** The first step after which a layer would hold more than the mean; the last step if there is none. */
    int firstCut(Geometry geometry) {
        int step = 0;
        while (step < geometry.steps().size() - 1 && geometry.firstToken(step + 1) <= mean) {
            step++;
        }
        return step;
    }

    /** Capacities [steps][layers]; null where nothing is cut. */
    int[][] capacities(Geometry geometry, DrafterLayers drafters) {
        int steps = geometry.steps().size();
        int layers = geometry.layers();
        int[][] capacities = new int[steps][];
        int[] held = new int[layers];
        int first = firstCut(geometry);
        for (int step = 0; step < steps - 1; step++) {
            for (int layer = 0; layer < layers; layer++) {
                held[layer] += geometry.tokens(step);
            }
            if (step >= first) {
                BitSet keepers = drafters.afterStep().get(step);
                Share share = share(
                        layers, keepers.cardinality(), Arrays.stream(held).max().orElse(0), step - first);
                capacities[step] = new int[layers];
                for (int layer = 0; layer < layers; layer++) {
                    capacities[step][layer] = keepers.get(layer) ? share.drafter : share.refiner;
                    held[layer] = Math.min(held[layer], capacities[step][layer]);
                }
            }
        }
        return capacities;
    }

    /** Tokens of one drafter and of one refiner. */
    record Share(int drafter, int refiner) {}

    /**
     * @param limit the most that a drafter can hold
     * @param cuts how many steps were cut before
     */
    Share share(int layers, int drafters, int limit, int cuts) {
        int refiners = layers - drafters;
        if (drafters == 0 || refiners == 0) {
            return new Share(mean, mean);
        }
        long total = (long) layers * mean;
        int least = (int) Math.min(mean, Math.ceil(floor * mean));
        if (allocation == Allocation.PAPER) {
            least = Math.max(least, (int) Math.min(mean, Math.floor(mean * (start - decay * cuts))));
        }
        int most = (int) Math.max(mean, Math.min(limit, (total - (long) refiners * least) / drafters));
        int drafter = allocation == Allocation.RELEASED ? exact(total, drafters, refiners, most) : most;
        return new Share(drafter, (int) ((total - (long) drafters * drafter) / refiners));
    }

    /** The most that leaves every refiner the same whole number, no token over; {@code most} if there is none. */
    private int exact(long total, int drafters, int refiners, int most) {
        for (int drafter = most; drafter >= mean; drafter--) {
            if ((total - (long) drafters * drafter) % refiners == 0) {
                return drafter;
            }
        }
        return most;
    }
}
