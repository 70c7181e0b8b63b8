package org.headwise.tensor;

import java.util.Arrays;

/**
 * A dense row-major float32 array with a shape: the activations of a model. It owns nothing and hides nothing; kernels
 * work on {@link #data()}.
 */
public final class Tensor {
    private final float[] data;
    private final int[] shape;

    private Tensor(float[] data, int[] shape) {
        this.data = data;
        this.shape = shape;
    }

    public static Tensor zeros(int... shape) {
        return new Tensor(new float[size(shape)], shape.clone());
    }

    /** Wraps {@code data} without copying; its length must be the product of the shape. */
    public static Tensor of(float[] data, int... shape) {
        if (size(shape) != data.length) {
            throw new IllegalArgumentException(data.length + " values do not fill " + Arrays.toString(shape));
        }
        return new Tensor(data, shape.clone());
    }

    private static int size(int[] shape) {
        int size = 1;
        for (int extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    public float[] data() {
        return data;
    }

    public int rank() {
        return shape.length;
    }

    /** Extent of an axis; negative axes count from the end. */
    public int dim(int axis) {
        return shape[axis < 0 ? shape.length + axis : axis];
    }

    public int[] shape() {
        return shape.clone();
    }

    public int size() {
        return data.length;
    }

    /** The same numbers under another shape of the same size. */
    public Tensor reshape(int... newShape) {
        return of(data, newShape);
    }

    public Tensor copy() {
        return new Tensor(data.clone(), shape.clone());
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}
