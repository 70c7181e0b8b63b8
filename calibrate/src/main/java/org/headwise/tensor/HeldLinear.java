package org.headwise.tensor;

import org.headwise.files.InputRefused;

/** Products by a library or device that holds the weights. */
record HeldLinear(Products products) implements LinearWork {
    /** Unfolded pixels handed over at a time take at most about this many numbers. */
    private static final int TILE = 1 << 22;

    @Override
    public Matrix pack(Engine engine, Packing.Source source, boolean shared, int outputs, int inputs, DType storage) {
        float[] weight = new float[Math.multiplyExact(outputs, inputs)];
        for (int row = 0; row < outputs; row++) {
            source.read(row, 0, inputs, weight, row * inputs);
        }
        for (int i = 0; i < weight.length && storage != DType.F32; i++) {
            weight[i] = storage == DType.F16
                    ? Float.float16ToFloat(Float.floatToFloat16(weight[i]))
                    : DType.bf16(DType.toBf16(weight[i]));
        }
        return new HeldMatrix(products.hold(weight, outputs, inputs), outputs, inputs, storage);
    }

    @Override
    public Matrix leave(Packing.Stored rows, int outputs, int inputs) {
        throw new InputRefused("weights can stay in their file only for the vector backend, which reads them there");
    }

    @Override
    public Products.Held hold(float[] weight, int outputs, int depth) {
        return products.hold(weight, outputs, depth);
    }

    @Override
    public void apply(Engine engine, Tensor x, Matrix weight, float[] bias, Tensor out) {
        if (!(weight instanceof HeldMatrix w)) {
            throw new IllegalArgumentException(weight + " was packed by another kind of engine");
        }
        int rows = x.size() / w.inputs();
        products.linear(x.data(), rows, w.held(), out.data());
        for (int r = 0; r < rows && bias != null; r++) {
            engine.kernels().add(out.data(), r * w.outputs(), bias, 0, w.outputs());
        }
    }

    @Override
    public void convolve(Engine engine, Tensor x, Unfold unfold, float[] bias, Tensor out) {
        Convolution w = unfold.convolution();
        int columns = Math.clamp(TILE / w.depth(), 1, unfold.pixels());
        float[] tile = new float[w.depth() * columns];
        float[] product = new float[w.outputs() * columns];
        for (int image = 0; image < x.dim(0); image++) {
            for (int pixel = 0; pixel < unfold.pixels(); pixel += columns) {
                int first = image * w.inputs() * unfold.height() * unfold.width();
                unfold.fill(x.data(), first, 0, w.depth(), pixel, columns, tile);
                products.times(w.held(), tile, columns, product);
                int count = Math.min(columns, unfold.pixels() - pixel);
                for (int o = 0; o < w.outputs(); o++) {
                    int at = (image * w.outputs() + o) * unfold.pixels() + pixel;
                    System.arraycopy(product, o * columns, out.data(), at, count);
                    if (bias != null) {
                        engine.kernels().affine(out.data(), at, count, 1, bias[o], out.data(), at);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        products.close();
    }
}
