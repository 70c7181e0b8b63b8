package org.headwise.synth;

import java.util.List;

/**
 * The tensors of a Janus-Pro that generating images needs, and its text head. The released file also holds the tower that
 * understands images ({@code vision_model}, {@code aligner}); it is left out.
 *
 * @param hidden numbers inside a feed-forward
 * @param vocabulary text tokens
 * @param image the image tokenizer
 */
record JanusLayout(int layers, int width, int heads, int hidden, int vocabulary, VqLayout image) {
    List<SyntheticTensor> tensors() {
        TensorList list = new TensorList();
        list.add(SyntheticTensor.drawn("language_model.model.embed_tokens.weight", 1, vocabulary, width));
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "language_model.model.layers." + layer + ".";
            for (String projection : List.of("q", "k", "v", "o")) {
                list.matrix(prefix + "self_attn." + projection + "_proj", width, width);
            }
            list.matrix(prefix + "mlp.gate_proj", hidden, width);
            list.matrix(prefix + "mlp.up_proj", hidden, width);
            list.matrix(prefix + "mlp.down_proj", width, hidden);
            list.scale(prefix + "input_layernorm", width);
            list.scale(prefix + "post_attention_layernorm", width);
        }
        list.scale("language_model.model.norm", width);
        list.matrix("language_model.lm_head", vocabulary, width);
        list.add(SyntheticTensor.drawn("gen_embed.weight", 1, image.codes(), image.codeWidth()));
        list.linear("gen_aligner.layers.0", width, image.codeWidth());
        list.linear("gen_aligner.layers.2", width, width);
        list.linear("gen_head.output_mlp_projector", width, width);
        list.linear("gen_head.vision_head", image.codes(), width);
        image.tensors().forEach(list::add);
        return list.all();
    }
}
