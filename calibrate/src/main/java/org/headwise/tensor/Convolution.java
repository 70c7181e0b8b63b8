package org.headwise.tensor;

/**
 * Weights of a convolution, ready for {@link Engine#conv2d}: row-major [outputs, inputs * kernelHeight * kernelWidth], as
 * the product with unfolded pixels wants them.
 */
public final class Convolution {
    private final float[] weight;
    private final int outputs;
    private final int inputs;
    private final int kernelHeight;
    private final int kernelWidth;
    private final Products.Held held;

    Convolution(LinearWork work, float[] weight, int outputs, int inputs, int kernelHeight, int kernelWidth) {
        if (weight.length != (long) outputs * inputs * kernelHeight * kernelWidth) {
            throw new IllegalArgumentException(weight.length + " weights do not fill [" + outputs + ", " + inputs + ", "
                    + kernelHeight + ", " + kernelWidth + "]");
        }
        this.weight = weight;
        this.outputs = outputs;
        this.inputs = inputs;
        this.kernelHeight = kernelHeight;
        this.kernelWidth = kernelWidth;
        this.held = work.hold(weight, outputs, depth());
    }

    public int outputs() {
        return outputs;
    }

    public int inputs() {
        return inputs;
    }

    public int kernelHeight() {
        return kernelHeight;
    }

    public int kernelWidth() {
        return kernelWidth;
    }

    float[] weight() {
        return weight;
    }

    /** The weights where a library or device multiplies with them, or null. */
    Products.Held held() {
        return held;
    }

    /** Products per output number. */
    int depth() {
        return inputs * kernelHeight * kernelWidth;
    }
}
