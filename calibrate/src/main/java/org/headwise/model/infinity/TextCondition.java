package org.headwise.model.infinity;

import org.headwise.tensor.Tensor;

/**
 * What a prompt contributes to every block: computed once per image.
 *
 * @param pooled attentive pool of the text, [rows, width]; also the first input, before the start position is added
 * @param modulation shared AdaLN output, [rows, 6 * width]
 * @param tokens projected text tokens for cross attention, all rows joined
 */
record TextCondition(Tensor pooled, Tensor modulation, TextFeatures tokens) {}
