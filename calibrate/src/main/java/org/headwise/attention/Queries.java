package org.headwise.attention;

import org.headwise.tensor.Tensor;

/** The queries of one step of one layer, for caches that choose tokens by them; valid during the call only. */
public interface Queries {
    /** As they attend, [rows, tokens of the step, heads, headDim]. */
    Tensor attending();

    /** What a dot product of these queries with a key is multiplied by before the softmax. */
    float scale();

    /**
     * The bare projection of some queries, without bias, normalisation, scale and position, as some published code
     * chooses tokens by; computed when asked for.
     *
     * @param tokens indices among the tokens of the step, in any order, also repeated
     * @return [rows, tokens.length, heads, headDim]
     */
    Tensor projected(int[] tokens);
}
