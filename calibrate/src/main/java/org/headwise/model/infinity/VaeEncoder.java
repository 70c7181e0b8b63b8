package org.headwise.model.infinity;

import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.model.image.ImageLayers;
import org.headwise.model.image.ImageLayers.Layer;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Encoder of Infinity's image tokenizer: an RGB image to the latent that the quantizer takes the signs of. */
final class VaeEncoder {
    private final List<Layer> layers = new ArrayList<>();

    VaeEncoder(Checkpoint file, Engine engine) {
        ImageLayers vae = new ImageLayers(file, engine);
        layers.add(vae.convolution("encoder.conv_in"));
        for (int level = 0; vae.has("encoder.down." + level + ".block.0.conv1"); level++) {
            String prefix = "encoder.down." + level;
            for (int block = 0; vae.has(prefix + ".block." + block + ".conv1"); block++) {
                layers.add(vae.residual(prefix + ".block." + block));
            }
            if (vae.has(prefix + ".downsample.conv")) {
                layers.add(vae.halving(prefix + ".downsample.conv"));
            }
        }
        layers.add(vae.residual("encoder.mid.block_1"));
        layers.add(vae.residual("encoder.mid.block_2"));
        layers.add(vae.activatedNorm("encoder.norm_out"));
        layers.add(vae.convolution("encoder.conv_out"));
    }

    /** Image [batch, 3, H, W] in [-1, 1] to a latent [batch, bits, h, w]. */
    Tensor encode(Tensor image) {
        Tensor x = image;
        for (Layer layer : layers) {
            x = layer.apply(x);
        }
        return x;
    }
}
