package org.headwise.model.infinity;

import java.util.Optional;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.tensor.Convolution;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * The layers that encoder and decoder of Infinity's image tokenizer are made of. Names may have the inner {@code .conv}
 * and {@code .norm} of the released files or lack it.
 */
final class VaeLayers {
    private static final float EPSILON = 1e-6f;

    /** A layer on planes [batch, channels, height, width]. */
    @FunctionalInterface
    interface Layer {
        Tensor apply(Tensor x);
    }

    private final Checkpoint file;
    private final Engine engine;

    VaeLayers(Checkpoint file, Engine engine) {
        this.file = file;
        this.engine = engine;
    }

    boolean has(String name) {
        return find(name, "conv", "weight").isPresent()
                || find(name, "norm", "weight").isPresent();
    }

    /** A convolution of stride 1 that keeps the size. */
    Layer convolution(String name) {
        StoredTensor weight = get(name, "conv", "weight");
        int pad = (int) weight.shape()[2] / 2;
        return convolution(name, 1, pad, pad);
    }

    /** The stride-2 convolution of the encoder: one zero is added below and to the right. */
    Layer halving(String name) {
        return convolution(name, 2, 0, 1);
    }

    private Layer convolution(String name, int stride, int padBefore, int padAfter) {
        StoredTensor weight = get(name, "conv", "weight");
        long[] shape = weight.shape();
        if (shape.length != 4) {
            throw new InputRefused(file.origin() + ": tensor " + weight.name() + " has " + shape.length
                    + " axes, a 2-D convolution needs 4");
        }
        Convolution packed = engine.packConvolution(
                weight.toFloats(), (int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3]);
        float[] bias = get(name, "conv", "bias").expect(shape[0]).toFloats();
        return x -> engine.conv2d(x, packed, bias, stride, padBefore, padBefore, padAfter, padAfter);
    }

    /** Group norm followed by swish. */
    Layer activatedNorm(String name) {
        float[] weight = get(name, "norm", "weight").toFloats();
        float[] bias = get(name, "norm", "bias").expect(weight.length).toFloats();
        int groups = groups(weight.length);
        return x -> {
            Tensor y = engine.groupNorm(x, groups, weight, bias, EPSILON);
            engine.silu(y);
            return y;
        };
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
    Layer residual(String name) {
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

    /** Nearest doubling followed by a 3x3 convolution. */
    Layer doubling(String name) {
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
