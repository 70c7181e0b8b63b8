package org.headwise.model.image;

import java.util.Arrays;
import java.util.Optional;
import org.headwise.attention.ArrayKeys;
import org.headwise.attention.AttentionEngine;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.model.Grid;
import org.headwise.tensor.Convolution;
import org.headwise.tensor.Engine;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Tensor;

/**
 * The layers that the encoders and decoders of image tokenizers are made of, each made from the tensors under a name.
 * Names may have the inner {@code .conv} and {@code .norm} of Infinity's released files or lack it.
 */
public final class ImageLayers {
    private static final float EPSILON = 1e-6f;

    /** A layer on planes [batch, channels, height, width]. */
    @FunctionalInterface
    public interface Layer {
        Tensor apply(Tensor x);
    }

    private final Checkpoint file;
    private final Engine engine;

    public ImageLayers(Checkpoint file, Engine engine) {
        this.file = file;
        this.engine = engine;
    }

    /** Whether there is a convolution or norm of this name. */
    public boolean has(String name) {
        return find(name, "conv", "weight").isPresent()
                || find(name, "norm", "weight").isPresent();
    }

    /** A convolution of stride 1 that keeps the size. */
    public Layer convolution(String name) {
        int pad = (int) kernel(name).shape()[2] / 2;
        return convolution(name, 1, pad, pad);
    }

    /** The stride-2 convolution of the encoder: one zero is added below and to the right. */
    public Layer halving(String name) {
        return convolution(name, 2, 0, 1);
    }

    private Layer convolution(String name, int stride, int padBefore, int padAfter) {
        StoredTensor weight = kernel(name);
        long[] shape = weight.shape();
        Convolution packed = engine.packConvolution(
                weight.toFloats(), (int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3]);
        float[] bias = get(name, "conv", "bias").expect(shape[0]).toFloats();
        return x -> engine.conv2d(x, packed, bias, stride, padBefore, padBefore, padAfter, padAfter);
    }

    private StoredTensor kernel(String name) {
        StoredTensor weight = get(name, "conv", "weight");
        if (weight.shape().length != 4) {
            throw new InputRefused(file.origin() + ": tensor " + weight.name() + " has " + weight.shape().length
                    + " axes, a 2-D convolution needs 4");
        }
        return weight;
    }

    /** Group norm followed by swish. */
    public Layer activatedNorm(String name) {
        Layer norm = norm(name);
        return x -> {
            Tensor y = norm.apply(x);
            engine.silu(y);
            return y;
        };
    }

    private Layer norm(String name) {
        float[] weight = get(name, "norm", "weight").toFloats();
        float[] bias = get(name, "norm", "bias").expect(weight.length).toFloats();
        int groups = groups(weight.length);
        return x -> engine.groupNorm(x, groups, weight, bias, EPSILON);
    }

    private int groups(int channels) {
        if (channels % 32 == 0) {
            return 32;
        }
        if (channels % 24 == 0) {
            return 24;
        }
        throw new InputRefused(
                file.origin() + ": " + channels + " channels divide neither into 32 nor into 24 groups for group norm");
    }

    /** norm, swish, 3x3, norm, swish, 3x3, plus the input, through a 1x1 convolution when the widths differ. */
    public Layer residual(String name) {
        Layer norm1 = activatedNorm(name + ".norm1");
        Layer conv1 = convolution(name + ".conv1");
        Layer norm2 = activatedNorm(name + ".norm2");
        Layer conv2 = convolution(name + ".conv2");
        Layer shortcut = has(name + ".nin_shortcut") ? convolution(name + ".nin_shortcut") : x -> x;
        return x -> {
            Tensor y = conv2.apply(norm2.apply(conv1.apply(norm1.apply(x))));
            engine.add(y, shortcut.apply(x));
            return y;
        };
    }

    /** norm, then attention of every pixel to all pixels with one head of all channels, plus the input. */
    public Layer attention(String name) {
        Layer norm = norm(name + ".norm");
        Heads heads = has(name + ".qkv") ? fused(name) : separate(name);
        Layer projection = convolution(name + ".proj_out");
        AttentionEngine attention = new AttentionEngine(engine);
        return x -> {
            Tensor in = norm.apply(x);
            Tensor[] qkv = heads.apply(in);
            Tensor q = qkv[0];
            int pixels = q.dim(1);
            int channels = q.dim(2);
            int[] starts = new int[q.dim(0) + 1];
            Arrays.setAll(starts, image -> image * pixels);
            Tensor mixed;
            try {
                mixed = attention.attend(
                        new ArrayKeys(qkv[1].data(), qkv[2].data(), starts, 1, channels),
                        q.reshape(q.dim(0), pixels, 1, channels),
                        (float) (1 / Math.sqrt(channels)),
                        null);
            } catch (NonFinite e) {
                throw new NonFinite("the attention of " + name + " is NaN or infinite", e);
            }
            Grid grid = new Grid(x.dim(2), x.dim(3));
            Tensor y = projection.apply(TokenLayout.toPlanes(mixed.reshape(q.dim(0), pixels, channels), grid));
            engine.add(y, x);
            return y;
        };
    }

    /** From planes to queries, keys and values, [batch, pixels, channels] each. */
    private interface Heads {
        Tensor[] apply(Tensor x);
    }

    private Heads separate(String name) {
        Layer query = convolution(name + ".q");
        Layer key = convolution(name + ".k");
        Layer value = convolution(name + ".v");
        return x -> new Tensor[] {
            TokenLayout.toTokens(query.apply(x)),
            TokenLayout.toTokens(key.apply(x)),
            TokenLayout.toTokens(value.apply(x))
        };
    }

    private Heads fused(String name) {
        Layer all = convolution(name + ".qkv");
        return x -> {
            Tensor tokens = TokenLayout.toTokens(all.apply(x));
            int channels = tokens.dim(2) / 3;
            Tensor[] parts = new Tensor[3];
            for (int part = 0; part < 3; part++) {
                parts[part] = Tensor.zeros(tokens.dim(0), tokens.dim(1), channels);
                for (int t = 0; t < tokens.dim(0) * tokens.dim(1); t++) {
                    System.arraycopy(
                            tokens.data(), (3 * t + part) * channels, parts[part].data(), t * channels, channels);
                }
            }
            return parts;
        };
    }

    /** Nearest doubling followed by a 3x3 convolution. */
    public Layer doubling(String name) {
        Layer convolution = convolution(name);
        return x -> convolution.apply(engine.upsampleNearest(x, 2));
    }

    private StoredTensor get(String name, String inner, String parameter) {
        return find(name, inner, parameter)
                .orElseThrow(() -> new InputRefused(
                        file.origin() + ": there is no tensor " + name + "." + inner + "." + parameter));
    }

    private Optional<StoredTensor> find(String name, String inner, String parameter) {
        return file.find(name + "." + inner + "." + parameter).or(() -> file.find(name + "." + parameter));
    }
}
