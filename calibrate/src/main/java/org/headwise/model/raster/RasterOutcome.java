package org.headwise.model.raster;

import java.util.List;

/**
 * What was made token by token.
 *
 * @param ids per step [batch]; the sampled ones, also where others were forced
 * @param logits per step [batch, codes] after guidance and temperature, when asked for
 * @param used [batch, tokens of the image]: what the image decoder receives
 */
public record RasterOutcome(List<int[]> ids, List<float[]> logits, int[] used, long attentionNanos) {}
