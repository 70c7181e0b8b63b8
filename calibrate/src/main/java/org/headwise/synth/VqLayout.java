package org.headwise.synth;

import java.util.List;

/**
 * The tensors of the image tokenizer VQ-16 of Janus and LlamaGen, encoder and decoder. Level 0 of the decoder is its
 * lowest resolution; the lowest resolution of either half has attention.
 *
 * @param prefix before all names, for example {@code gen_vision_model.}
 * @param base channels in units of which {@code multipliers} count, from the highest resolution to the lowest
 * @param latent channels between encoder and codebook
 * @param codeWidth numbers of a code
 */
record VqLayout(String prefix, int base, List<Integer> multipliers, int blocks, int latent, int codes, int codeWidth) {
    private static final int CODEBOOK_USED = 65536;

    List<SyntheticTensor> tensors() {
        TensorList list = new TensorList();
        int widest = base * multipliers.getLast();
        int levels = multipliers.size();
        String encoder = prefix + "encoder.";
        list.convolution(encoder + "conv_in", base, 3, 3);
        int width = base;
        for (int level = 0; level < levels; level++) {
            String block = encoder + "conv_blocks." + level + ".";
            boolean lowest = level == levels - 1;
            width = level(list, block, blocks, width, base * multipliers.get(level), lowest);
            if (!lowest) {
                list.convolution(block + "downsample.conv", width, width, 3);
            }
        }
        middle(list, encoder, widest);
        list.norm(encoder + "norm_out", widest);
        list.convolution(encoder + "conv_out", latent, widest, 3);
        String decoder = prefix + "decoder.";
        list.convolution(decoder + "conv_in", widest, latent, 3);
        middle(list, decoder, widest);
        width = widest;
        for (int level = 0; level < levels; level++) {
            String block = decoder + "conv_blocks." + level + ".";
            int outputs = base * multipliers.get(levels - 1 - level);
            width = level(list, block, blocks + 1, width, outputs, level == 0);
            if (level < levels - 1) {
                list.convolution(block + "upsample.conv", width, width, 3);
            }
        }
        list.norm(decoder + "norm_out", width);
        list.convolution(decoder + "conv_out", 3, width, 3);
        list.add(SyntheticTensor.drawn(prefix + "quantize.embedding.weight", 1, codes, codeWidth));
        list.add(SyntheticTensor.zeros(prefix + "quantize.codebook_used", CODEBOOK_USED));
        list.convolution(prefix + "quant_conv", codeWidth, latent, 1);
        list.convolution(prefix + "post_quant_conv", latent, codeWidth, 1);
        return list.all();
    }

    private static int level(TensorList list, String prefix, int blocks, int inputs, int outputs, boolean attends) {
        int width = inputs;
        for (int block = 0; block < blocks; block++) {
            residual(list, prefix + "res." + block, width, outputs);
            width = outputs;
            if (attends) {
                attention(list, prefix + "attn." + block, width);
            }
        }
        return width;
    }

    private static void middle(TensorList list, String half, int width) {
        residual(list, half + "mid.0", width, width);
        attention(list, half + "mid.1", width);
        residual(list, half + "mid.2", width, width);
    }

    private static void residual(TensorList list, String prefix, int inputs, int outputs) {
        list.norm(prefix + ".norm1", inputs);
        list.convolution(prefix + ".conv1", outputs, inputs, 3);
        list.norm(prefix + ".norm2", outputs);
        list.convolution(prefix + ".conv2", outputs, outputs, 3);
        if (inputs != outputs) {
            list.convolution(prefix + ".nin_shortcut", outputs, inputs, 1);
        }
    }

    private static void attention(TensorList list, String prefix, int width) {
        list.norm(prefix + ".norm", width);
        for (String projection : List.of(".q", ".k", ".v", ".proj_out")) {
            list.convolution(prefix + projection, width, width, 1);
        }
    }
}
