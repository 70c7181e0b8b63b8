package org.headwise.synth;

import java.util.List;

/**
 * The tensors of the encoder of a T5 1.1 or Flan-T5, with the deviations that T5 starts its training from: queries are
 * small because scores are not divided by sqrt(headWidth).
 */
record T5Layout(int layers, int width, int heads, int headWidth, int hidden, int vocabulary, int buckets) {
    List<SyntheticTensor> tensors() {
        TensorList list = new TensorList();
        int inner = heads * headWidth;
        list.add(SyntheticTensor.drawn("shared.weight", 1, vocabulary, width));
        for (int layer = 0; layer < layers; layer++) {
            String attention = "encoder.block." + layer + ".layer.0.";
            String feedForward = "encoder.block." + layer + ".layer.1.";
            float small = (float) (1 / Math.sqrt((double) width * headWidth));
            list.add(SyntheticTensor.drawn(attention + "SelfAttention.q.weight", small, inner, width));
            list.matrix(attention + "SelfAttention.k", inner, width);
            list.matrix(attention + "SelfAttention.v", inner, width);
            list.matrix(attention + "SelfAttention.o", width, inner);
            if (layer == 0) {
                list.add(SyntheticTensor.drawn(
                        attention + "SelfAttention.relative_attention_bias.weight",
                        (float) (1 / Math.sqrt(width)),
                        buckets,
                        heads));
            }
            list.scale(attention + "layer_norm", width);
            list.matrix(feedForward + "DenseReluDense.wi_0", hidden, width);
            list.matrix(feedForward + "DenseReluDense.wi_1", hidden, width);
            list.matrix(feedForward + "DenseReluDense.wo", width, hidden);
            list.scale(feedForward + "layer_norm", width);
        }
        list.scale("encoder.final_layer_norm", width);
        return list.all();
    }
}
