package org.headwise.model.var;

import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.model.Grid;
import org.headwise.model.image.ImageLayers;
import org.headwise.model.image.ImageLayers.Layer;
import org.headwise.model.image.TokenLayout;
import org.headwise.tensor.Engine;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Tensor;

/**
 * VAR's multi-scale image tokenizer, decoding side: every scale's codes are enlarged, smoothed by one of a few
 * convolutions and added up; a decoder turns the sum into an image.
 */
public final class VarTokenizer {
    private static final float SMOOTHED = 0.5f;

    private final float[] codebook;
    private final int codes;
    private final int channels;
    private final List<Layer> smoothing = new ArrayList<>();
    private final List<Layer> decoder = new ArrayList<>();
    private final Engine engine;

    public VarTokenizer(Checkpoint file, Engine engine) {
        this.engine = engine;
        file.requireAll(List.of(
                "quantize.embedding.weight",
                "quantize.quant_resi.qresi_ls.0.weight",
                "post_quant_conv.weight",
                "decoder.conv_in.weight",
                "decoder.norm_out.weight",
                "decoder.conv_out.weight"));
        StoredTensor table = file.get("quantize.embedding.weight");
        if (table.shape().length != 2 || table.elements() == 0) {
            throw new InputRefused(
                    file.origin() + ": tensor " + table.name() + " is no table of codes, [codes, channels]");
        }
        codes = Math.toIntExact(table.shape()[0]);
        channels = Math.toIntExact(table.shape()[1]);
        codebook = table.toFloats();
        ImageLayers layers = new ImageLayers(file, engine);
        for (int i = 0; layers.has("quantize.quant_resi.qresi_ls." + i); i++) {
            smoothing.add(layers.convolution("quantize.quant_resi.qresi_ls." + i));
        }
        decoder.add(layers.convolution("post_quant_conv"));
        decoder.add(layers.convolution("decoder.conv_in"));
        decoder.add(layers.residual("decoder.mid.block_1"));
        decoder.add(layers.attention("decoder.mid.attn_1"));
        decoder.add(layers.residual("decoder.mid.block_2"));
        int levels = 0;
        while (layers.has("decoder.up." + levels + ".block.0.conv1")) {
            levels++;
        }
        for (int level = levels - 1; level >= 0; level--) {
            level(layers, "decoder.up." + level + ".");
        }
        decoder.add(layers.activatedNorm("decoder.norm_out"));
        decoder.add(layers.convolution("decoder.conv_out"));
    }

    private void level(ImageLayers layers, String prefix) {
        for (int block = 0; layers.has(prefix + "block." + block + ".conv1"); block++) {
            decoder.add(layers.residual(prefix + "block." + block));
            if (layers.has(prefix + "attn." + block + ".norm")) {
                decoder.add(layers.attention(prefix + "attn." + block));
            }
        }
        if (layers.has(prefix + "upsample.conv")) {
            decoder.add(layers.doubling(prefix + "upsample.conv"));
        }
    }

    /** How many values a token can take. */
    public int codes() {
        return codes;
    }

    /** Numbers of one code. */
    public int channels() {
        return channels;
    }

    /**
     * Adds the codes of one scale to the running sum.
     *
     * @param sum [batch, channels, side of the last scale, the same], changed in place
     * @param ids [batch, tokens of the scale]
     * @param progress index of the scale over that of the last one, 0 to 1
     */
    public void add(Tensor sum, int[] ids, int side, double progress) {
        int batch = sum.dim(0);
        int n = side * side;
        Tensor tokens = Tensor.zeros(batch, n, channels);
        for (int i = 0; i < batch * n; i++) {
            if (ids[i] < 0 || ids[i] >= codes) {
                throw new InputRefused("image token " + ids[i] + " is none of the " + codes + " of the codebook");
            }
            System.arraycopy(codebook, ids[i] * channels, tokens.data(), i * channels, channels);
        }
        Tensor planes = TokenLayout.toPlanes(tokens, new Grid(side, side));
        Tensor large = side == sum.dim(2) ? planes : engine.resizeBicubic(planes, sum.dim(2), sum.dim(3));
        Tensor smooth = smoothing.get(nearestTick(smoothing.size(), progress)).apply(large);
        for (int i = 0; i < sum.size(); i++) {
            sum.data()[i] += large.data()[i] * (1 - SMOOTHED) + smooth.data()[i] * SMOOTHED;
        }
    }

    /**
     * Upstream's PhiPartiallyShared: the first of the nearest of evenly spaced ticks. Released schedules lie exactly
     * between two of them, so the ticks are rounded as NumPy's linspace rounds them.
     */
    static int nearestTick(int ticks, double progress) {
        double first = ticks == 4 ? 1.0 / 3 / ticks : 1.0 / 2 / ticks;
        double last = 1 - first;
        double apart = ticks == 1 ? 0 : (last - first) / (ticks - 1);
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int tick = 0; tick < ticks; tick++) {
            double at = tick > 0 && tick == ticks - 1 ? last : tick * apart + first;
            double distance = Math.abs(at - progress);
            if (distance < least) {
                least = distance;
                best = tick;
            }
        }
        return best;
    }

    /** The running sum as images [batch, 3, H, W], clamped to [-1, 1]. */
    public Tensor decode(Tensor sum) {
        Tensor x = sum;
        for (Layer layer : decoder) {
            x = layer.apply(x);
        }
        NonFinite.check(x.data(), "the levels of the decoded image");
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] = Math.clamp(x.data()[i], -1f, 1f);
        }
        return x;
    }
}
