package org.headwise.model.infinity;

import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.tensor.Tensor;

/**
 * Where classifier-free guidance g mixes both halves of a batch as g * conditional + (1 - g) * unconditional: on the
 * logits (entry 0) or on the hidden state after a block (entry -n: the n-th block from the end, counting from 0 at the
 * block after the last, as upstream's cfg_insertion_layer).
 */
final class GuidanceMix {
    private final List<Integer> layers;
    private final int depth;
    private final int batch;

    GuidanceMix(List<Integer> layers, int depth, int batch) {
        for (int layer : layers) {
            if (layer > 0 || layer <= -depth) {
                throw new InputRefused("guidance layer " + layer + " is not supported: give 0 for the logits or -1 to "
                        + (1 - depth) + " for a block");
            }
        }
        this.layers = layers;
        this.depth = depth;
        this.batch = batch;
    }

    int batch() {
        return batch;
    }

    boolean onLogits(float guidance) {
        return guidance != 1 && layers.contains(0);
    }

    /** Mixes the hidden state [2 * batch, tokens, width] in place if this block is listed; both halves get the mix. */
    void afterBlock(int layer, float guidance, Tensor x) {
        if (guidance == 1 || !layers.contains(layer - depth)) {
            return;
        }
        float[] mixed = mixed(guidance, x.data());
        System.arraycopy(mixed, 0, x.data(), 0, mixed.length);
        System.arraycopy(mixed, 0, x.data(), mixed.length, mixed.length);
    }

    /** The mix of both halves of an array. */
    float[] mixed(float guidance, float[] both) {
        float[] out = new float[both.length / 2];
        for (int i = 0; i < out.length; i++) {
            out[i] = guidance * both[i] + (1 - guidance) * both[out.length + i];
        }
        return out;
    }
}
