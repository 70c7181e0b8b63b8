package org.headwise.model.infinity;

import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.model.ForwardProbe;
import org.headwise.model.image.ImageLayers;
import org.headwise.model.image.ImageLayers.Layer;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Decoder of Infinity's image tokenizer: summed codes to an RGB image; its depth and widths are those of the file. */
final class VaeDecoder {
    private record Stage(String name, Layer layer) {}

    private final List<Stage> stages = new ArrayList<>();

    VaeDecoder(Checkpoint file, Engine engine) {
        ImageLayers layers = new ImageLayers(file, engine);
        stages.add(new Stage("conv_in", layers.convolution("decoder.conv_in")));
        stages.add(new Stage("", layers.residual("decoder.mid.block_1")));
        stages.add(new Stage("mid", layers.residual("decoder.mid.block_2")));
        int levels = 0;
        while (layers.has("decoder.up." + levels + ".block.0.conv1")) {
            levels++;
        }
        for (int level = levels - 1; level >= 0; level--) {
            String prefix = "decoder.up." + level;
            for (int block = 0; layers.has(prefix + ".block." + block + ".conv1"); block++) {
                boolean last = !layers.has(prefix + ".block." + (block + 1) + ".conv1");
                stages.add(
                        new Stage(last ? "up" + level + ".blocks" : "", layers.residual(prefix + ".block." + block)));
            }
            if (layers.has(prefix + ".upsample.conv")) {
                stages.add(new Stage("up" + level + ".upsample", layers.doubling(prefix + ".upsample.conv")));
            }
        }
        Layer norm = layers.activatedNorm("decoder.norm_out");
        Layer out = layers.convolution("decoder.conv_out");
        stages.add(new Stage("raw", x -> out.apply(norm.apply(x))));
    }

    /** Codes [batch, bits, h, w] to [batch, 3, H, W], not yet clamped; {@code probe} sees {@code dec.*}, or is null. */
    Tensor decode(Tensor codes, ForwardProbe probe) {
        Tensor x = codes;
        for (Stage stage : stages) {
            x = stage.layer().apply(x);
            if (probe != null && !stage.name().isEmpty()) {
                probe.see("dec." + stage.name(), x);
            }
        }
        return x;
    }
}
