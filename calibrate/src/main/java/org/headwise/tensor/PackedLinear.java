package org.headwise.tensor;

import java.util.Arrays;

/** Products by the engine's own kernels, on weights packed into panels. */
record PackedLinear(ReadAhead ahead) implements LinearWork {
    private static final int DEPTH = 512;
    private static final int ROWS = 48;

    PackedLinear() {
        this(new ReadAhead());
    }

    @Override
    public Matrix pack(Engine engine, Packing.Source source, boolean shared, int outputs, int inputs, DType storage) {
        Kernels kernels = engine.kernels();
        PackedMatrix matrix = new PackedMatrix(outputs, inputs, storage, kernels.lanes(), kernels.panel());
        engine.forEach(
                matrix.panels(),
                shared ? (long) outputs * inputs : 0,
                panel -> Packing.pack(source, matrix, panel, kernels));
        return matrix;
    }

    @Override
    public Matrix leave(Packing.Stored rows, int outputs, int inputs) {
        FileMatrix matrix = new FileMatrix(rows, outputs, inputs);
        ahead.made(matrix);
        return matrix;
    }

    @Override
    public Products.Held hold(float[] weight, int outputs, int depth) {
        return null;
    }

    @Override
    public void apply(Engine engine, Tensor x, Matrix weight, float[] bias, Tensor out) {
        Kernels kernels = engine.kernels();
        boolean fits = weight instanceof FileMatrix
                || weight instanceof PackedMatrix packed
                        && packed.panelWidth() == kernels.panel()
                        && packed.lanes() == kernels.lanes();
        if (!fits) {
            throw new IllegalArgumentException(weight + " was packed by another kind of engine");
        }
        ahead.using(weight);
        apply(engine, weight, x, bias, out);
    }

    private static void apply(Engine engine, Matrix w, Tensor x, float[] bias, Tensor out) {
        int panel = engine.kernels().panel();
        int panels = (w.outputs() + panel - 1) / panel;
        int rows = x.size() / w.inputs();
        // Weights in a file are brought into panels once per task, so their rows are not split.
        int most = w instanceof FileMatrix ? 1 : Math.max(1, rows / ROWS);
        int parts = Math.clamp(2 * engine.workers().threads() / panels, 1, most);
        int chunk = Math.max(1, (rows + parts - 1) / parts);
        int chunks = (rows + chunk - 1) / chunk;
        engine.forEach(panels * chunks, 2L * rows * w.inputs() * w.outputs() / 16, task -> {
            int first = task % chunks * chunk;
            apply(engine, x.data(), w, bias, task / chunks, first, Math.min(chunk, rows - first), out.data());
        });
    }

    private static void apply(
            Engine engine, float[] x, Matrix w, float[] bias, int panel, int first, int rows, float[] out) {
        Kernels kernels = engine.kernels();
        int width = kernels.panel();
        int column = panel * width;
        int columns = Math.min(width, w.outputs() - column);
        engine.withScratch(scratch -> {
            float[] tile = scratch.floats(0, DEPTH * width);
            boolean whole = columns == width;
            float[] c = whole ? out : scratch.floats(1, rows * width);
            int stride = whole ? w.outputs() : width;
            int at = whole ? first * w.outputs() + column : 0;
            if (bias != null) {
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(bias, column, c, at + r * stride, columns);
                }
            }
            for (int from = 0; from < w.inputs(); from += DEPTH) {
                int depth = Math.min(DEPTH, w.inputs() - from);
                int xAt = first * w.inputs() + from;
                boolean add = bias != null || from > 0;
                if (w instanceof PackedMatrix packed) {
                    kernels.packedProduct(
                            x, xAt, w.inputs(), rows, packed, panel, from, depth, tile, c, at, stride, add);
                } else {
                    float[] block = scratch.floats(2, DEPTH * width);
                    Packing.Stored lying = ((FileMatrix) w).rows();
                    Packing.turn(lying, column, columns, from, depth, block, tile, width, kernels);
                    kernels.product(x, xAt, w.inputs(), rows, tile, 0, width, width, depth, c, at, stride, add);
                }
            }
            for (int r = 0; r < rows && !whole; r++) {
                System.arraycopy(c, r * width, out, (first + r) * w.outputs() + column, columns);
            }
        });
    }

    @Override
    public void convolve(Engine engine, Tensor x, Unfold unfold, float[] bias, Tensor out) {
        int panel = engine.kernels().panel();
        int panels = (unfold.pixels() + panel - 1) / panel;
        engine.forEach(
                x.dim(0) * panels,
                2L * out.size() * unfold.convolution().depth() / 16,
                task -> convolve(engine, x.data(), unfold, bias, task / panels, task % panels * panel, out.data()));
    }

    private static void convolve(
            Engine engine, float[] x, Unfold unfold, float[] bias, int image, int pixel, float[] out) {
        Kernels kernels = engine.kernels();
        Convolution w = unfold.convolution();
        int width = kernels.panel();
        int columns = Math.min(width, unfold.pixels() - pixel);
        int first = image * w.outputs() * unfold.pixels() + pixel;
        engine.withScratch(scratch -> {
            float[] tile = scratch.floats(0, DEPTH * width);
            // Planes of an image are a power of two apart and share cache sets: sums of several passes lie elsewhere.
            boolean whole = columns == width && w.depth() <= DEPTH;
            float[] c = whole ? out : scratch.floats(1, w.outputs() * width);
            int stride = whole ? unfold.pixels() : width;
            int at = whole ? first : 0;
            for (int o = 0; o < w.outputs(); o++) {
                Arrays.fill(c, at + o * stride, at + o * stride + columns, bias == null ? 0 : bias[o]);
            }
            for (int from = 0; from < w.depth(); from += DEPTH) {
                int depth = Math.min(DEPTH, w.depth() - from);
                unfold.fill(x, image * w.inputs() * unfold.height() * unfold.width(), from, depth, pixel, width, tile);
                kernels.product(
                        w.weight(), from, w.depth(), w.outputs(), tile, 0, width, width, depth, c, at, stride, true);
            }
            for (int o = 0; o < w.outputs() && !whole; o++) {
                System.arraycopy(c, o * width, out, first + o * unfold.pixels(), columns);
            }
        });
    }

    @Override
    public void close() {
        ahead.close();
    }
}
