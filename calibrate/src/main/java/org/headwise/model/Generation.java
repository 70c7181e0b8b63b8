package org.headwise.model;

import java.util.List;
import org.headwise.datasets.Picture;

/**
 * What a model made of a request.
 *
 * @param ids per step, the chosen ids [batch, ids of the step]: bits (0 or 1) in Infinity, codes in raster models
 * @param choices how many values an id can take: 2 for bits
 * @param logits per step, [batch, ids of the step, choices] after guidance and temperature; empty unless asked for
 * @param images one per prompt; empty unless asked for
 * @param attentionNanos time spent in self-attention
 */
public record Generation(
        List<int[]> ids, int choices, List<float[]> logits, List<Picture> images, long attentionNanos) {}
