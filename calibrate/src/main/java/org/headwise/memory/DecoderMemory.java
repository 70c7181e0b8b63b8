package org.headwise.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headwise.checkpoint.TensorInfo;
import org.headwise.model.Grid;

/** The most that is alive at once while an image tokenizer decodes: its feature maps, layer by layer. */
final class DecoderMemory {
    private static final Pattern RESIDUAL =
            Pattern.compile("(?:gen_vision_model\\.)?decoder\\.(?:mid\\.(?:block_)?(\\d+)|up\\.(\\d+)\\.block\\.(\\d+)"
                    + "|conv_blocks\\.(\\d+)\\.res\\.(\\d+))\\.conv1(?:\\.conv)?\\.weight");
    private static final Pattern DOUBLING = Pattern.compile("(?:gen_vision_model\\.)?decoder\\."
            + "(?:up\\.(\\d+)|conv_blocks\\.(\\d+))\\.upsample\\.conv(?:\\.conv)?\\.weight");

    /** A layer: {@code level} ascends in the order of execution. */
    private record Layer(int level, int index, long inputs, long outputs, boolean doubles) {}

    private DecoderMemory() {}

    /** Bytes for one image of so many latent cells. */
    static long of(Map<String, TensorInfo> tensors, Grid latent) {
        List<Layer> layers = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            Matcher residual = RESIDUAL.matcher(name);
            Matcher doubling = DOUBLING.matcher(name);
            long[] shape = tensor.shape();
            if (residual.matches()) {
                int level = residual.group(2) != null
                        ? -Integer.parseInt(residual.group(2))
                        : residual.group(4) != null ? Integer.parseInt(residual.group(4)) : Integer.MIN_VALUE;
                int index = residual.group(3) != null
                        ? Integer.parseInt(residual.group(3))
                        : residual.group(5) != null ? Integer.parseInt(residual.group(5)) : 0;
                layers.add(new Layer(level, index, shape[1], shape[0], false));
            } else if (doubling.matches()) {
                int level = doubling.group(1) != null
                        ? -Integer.parseInt(doubling.group(1))
                        : Integer.parseInt(doubling.group(2));
                layers.add(new Layer(level, Integer.MAX_VALUE, shape[1], shape[0], true));
            }
        });
        layers.sort(Comparator.comparingInt(Layer::level).thenComparingInt(Layer::index));
        long pixels = latent.tokens();
        long most = 0;
        long channels = 0;
        for (Layer layer : layers) {
            long numbers;
            if (layer.doubles) {
                // The small map, the large one, and what the convolution makes of it.
                numbers = pixels * layer.inputs + 4 * pixels * (layer.inputs + layer.outputs);
                pixels *= 4;
            } else {
                // Input, normalised input and first convolution; or input, normalised middle and second convolution.
                numbers = pixels * Math.max(2 * layer.inputs + layer.outputs, layer.inputs + 2 * layer.outputs);
            }
            most = Math.max(most, numbers);
            channels = layer.outputs;
        }
        // The last norm, then red, green and blue twice.
        return 4 * Math.max(most, pixels * Math.max(2 * channels, channels + 6));
    }
}
