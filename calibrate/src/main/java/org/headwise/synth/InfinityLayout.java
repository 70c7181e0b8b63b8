package org.headwise.synth;

import java.util.List;

/**
 * The tensors of an Infinity transformer under the names of the released files.
 *
 * @param chunks parts that the released program saves the blocks in; layers must divide into them
 * @param bits of one token
 * @param textWidth of the text features
 * @param textLimit longest text in tokens
 */
record InfinityLayout(int layers, int width, int heads, int chunks, int bits, int textWidth, int textLimit) {
    /** Logarithm of 4: the scale of queries before training. */
    private static final float QUERY_SCALE = 1.386294f;

    private static final int LEVELS = 15;
    private static final int POOL_WIDTH = 128;

    List<SyntheticTensor> tensors() {
        TensorList list = new TensorList();
        list.add(SyntheticTensor.drawn("cfg_uncond", 1, textLimit, textWidth));
        list.add(SyntheticTensor.drawn("pos_start", 1, 1, 1, width));
        list.scale("text_norm", textWidth);
        int poolHeads = textWidth / POOL_WIDTH;
        list.add(SyntheticTensor.drawn("text_proj_for_sos.ca.mat_q", 1, 1, poolHeads, width / poolHeads));
        list.add(SyntheticTensor.zeros("text_proj_for_sos.ca.v_bias", width));
        list.add(SyntheticTensor.zeros("text_proj_for_sos.ca.zero_k_bias", width));
        list.matrix("text_proj_for_sos.ca.mat_kv", 2L * width, textWidth);
        list.linear("text_proj_for_sos.ca.proj", width, width);
        list.linear("text_proj_for_ca.0", width, textWidth);
        list.linear("text_proj_for_ca.2", width, width);
        list.add(SyntheticTensor.drawn("lvl_embed.weight", 1, LEVELS, width));
        list.linear("word_embed", width, bits);
        list.linear("shared_ada_lin.1", 6L * width, width);
        list.linear("head_nm.ada_lin.1", 2L * width, width);
        list.linear("head", 2L * bits, width);
        int each = (layers + chunks - 1) / chunks;
        for (int layer = 0; layer < layers; layer++) {
            block(list, "block_chunks." + layer / each + ".module." + layer % each + ".");
        }
        return list.all();
    }

    private void block(TensorList list, String prefix) {
        long hidden = Math.round(4 * width / 256.0) * 256;
        list.add(SyntheticTensor.drawn(prefix + "ada_gss", (float) (1 / Math.sqrt(width)), 1, 1, 6, width));
        list.add(new SyntheticTensor(prefix + "sa.scale_mul_1H11", new long[] {1, heads, 1, 1}, QUERY_SCALE, 0));
        list.add(SyntheticTensor.zeros(prefix + "sa.q_bias", width));
        list.add(SyntheticTensor.zeros(prefix + "sa.v_bias", width));
        list.add(SyntheticTensor.zeros(prefix + "sa.zero_k_bias", width));
        list.matrix(prefix + "sa.mat_qkv", 3L * width, width);
        list.linear(prefix + "sa.proj", width, width);
        list.linear(prefix + "ca.mat_q", width, width);
        list.add(SyntheticTensor.zeros(prefix + "ca.v_bias", width));
        list.add(SyntheticTensor.zeros(prefix + "ca.zero_k_bias", width));
        list.matrix(prefix + "ca.mat_kv", 2L * width, width);
        list.linear(prefix + "ca.proj", width, width);
        list.linear(prefix + "ffn.fc1", hidden, width);
        list.linear(prefix + "ffn.fc2", width, hidden);
        list.norm(prefix + "ca_norm", width);
    }
}
