package org.headwise.synth;

import java.util.List;

/**
 * The tensors of Infinity's image tokenizer, encoder and decoder.
 *
 * @param bits channels of the latent
 * @param patch image pixels along each side of one latent cell: a power of two
 * @param base channels of the first level
 * @param multipliers channels of each level in units of {@code base}
 * @param blocks residual blocks of an encoder level; a decoder level has one more
 */
record InfinityVaeLayout(int bits, int patch, int base, List<Integer> multipliers, int blocks) {
    List<SyntheticTensor> tensors() {
        TensorList list = new TensorList();
        int halvings = Integer.numberOfTrailingZeros(patch);
        int levels = multipliers.size();
        int widest = base * multipliers.getLast();
        list.convolution("encoder.conv_in.conv", base, 3, 3);
        int width = base;
        for (int level = 0; level < levels; level++) {
            String prefix = "encoder.down." + level;
            for (int block = 0; block < blocks; block++) {
                width = residual(list, prefix + ".block." + block, width, base * multipliers.get(level));
            }
            if (level < halvings) {
                list.convolution(prefix + ".downsample.conv.conv", width, width, 3);
            }
        }
        ends(list, "encoder", widest, bits);
        list.convolution("decoder.conv_in.conv", widest, bits, 3);
        width = widest;
        for (int level = levels - 1; level >= 0; level--) {
            String prefix = "decoder.up." + level;
            for (int block = 0; block <= blocks; block++) {
                width = residual(list, prefix + ".block." + block, width, base * multipliers.get(level));
            }
            if (level >= 1 && level <= halvings) {
                list.convolution(prefix + ".upsample.conv.conv", width, width, 3);
            }
        }
        ends(list, "decoder", widest, 3);
        return list.all();
    }

    /** The middle, and the way out of either half. */
    private void ends(TensorList list, String half, int middle, int outputs) {
        residual(list, half + ".mid.block_1", middle, middle);
        residual(list, half + ".mid.block_2", middle, middle);
        int last = half.equals("encoder") ? middle : base * multipliers.getFirst();
        list.norm(half + ".norm_out.norm", last);
        list.convolution(half + ".conv_out.conv", outputs, last, 3);
    }

    private static int residual(TensorList list, String prefix, int inputs, int outputs) {
        list.norm(prefix + ".norm1.norm", inputs);
        list.convolution(prefix + ".conv1.conv", outputs, inputs, 3);
        list.norm(prefix + ".norm2.norm", outputs);
        list.convolution(prefix + ".conv2.conv", outputs, outputs, 3);
        if (inputs != outputs) {
            list.convolution(prefix + ".nin_shortcut.conv", outputs, inputs, 1);
        }
        return outputs;
    }
}
