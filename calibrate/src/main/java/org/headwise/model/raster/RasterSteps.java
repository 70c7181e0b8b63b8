package org.headwise.model.raster;

import java.util.function.IntConsumer;
import org.headwise.attention.KvCache;
import org.headwise.model.Sampling;

/** A raster model of which some steps can be run alone, in the middle of images: what benchmarks time. */
public interface RasterSteps {
    /**
     * Runs steps of a batch.
     *
     * @param images how many at a time; each has two batch rows with guidance other than 1
     * @param promptTokens of every image
     * @param first the step to begin with, at least 1; step t reads image token t - 1
     * @param cache holds the tokens before {@code first} as soon as it is begun: see
     *     {@link org.headwise.attention.PrefilledCache}
     * @param after called when a step is over, with its number
     * @throws org.headwise.files.InputRefused if an image has no such steps
     */
    void steps(int images, Sampling sampling, int promptTokens, int first, int count, KvCache cache, IntConsumer after);
}
