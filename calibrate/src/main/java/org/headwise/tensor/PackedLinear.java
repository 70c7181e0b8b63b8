package org.headwise.tensor;

import java.util.Arrays;

/** Products by the engine's own kernels, on weights packed into panels. */
record PackedLinear(ReadAhead ahead) implements LinearWork {
    private static final int DEPTH = 512;
    private static final int ROWS = 48;

    /** Panels are only taken together where enough tasks are left to end at the same time. */
    private static final int TASKS_A_THREAD = 8;

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
        Split split = split(engine, x, weight, bias, out);
        ahead.using(weight);
        engine.forEach(split.tasks(), split.operations(), split::run);
    }

    @Override
    public void applyAll(Engine engine, Tensor x, Matrix[] weights, Tensor[] out) {
        if (Arrays.stream(weights).anyMatch(FileMatrix.class::isInstance)) {
            // One after another, as they are read ahead.
            LinearWork.super.applyAll(engine, x, weights, out);
            return;
        }
        Split[] splits = new Split[weights.length];
        int tasks = 0;
        long operations = 0;
        for (int i = 0; i < splits.length; i++) {
            splits[i] = split(engine, x, weights[i], null, out[i]);
            tasks += splits[i].tasks();
            operations += splits[i].operations();
        }
        engine.forEach(tasks, operations, task -> {
            int which = 0;
            int own = task;
            for (; own >= splits[which].tasks(); which++) {
                own -= splits[which].tasks();
            }
            splits[which].run(own);
        });
    }

    private static Split split(Engine engine, Tensor x, Matrix w, float[] bias, Tensor out) {
        Kernels kernels = engine.kernels();
        boolean fits = w instanceof FileMatrix
                || w instanceof PackedMatrix packed
                        && packed.panelWidth() == kernels.panel()
                        && packed.lanes() == kernels.lanes();
        if (!fits) {
            throw new IllegalArgumentException(w + " was packed by another kind of engine");
        }
        int rows = x.size() / w.inputs();
        int panels = Math.ceilDiv(w.outputs(), kernels.panel());
        boolean large = panels >= TASKS_A_THREAD * engine.workers().threads();
        int group = w instanceof PackedMatrix && large ? kernels.panelsAtOnce(rows, w.storage()) : 1;
        int groups = Math.ceilDiv(panels, group);
        // Weights in a file are brought into panels once per task, so their rows are not split.
        int most = w instanceof FileMatrix ? 1 : Math.max(1, rows / ROWS);
        int parts = Math.clamp(2 * engine.workers().threads() / groups, 1, most);
        int chunk = Math.max(1, Math.ceilDiv(rows, parts));
        return new Split(engine, x.data(), rows, w, bias, out.data(), group, groups, chunk);
    }

    /** One product as tasks, each for some neighbouring panels and a chunk of the rows. */
    private record Split(
            Engine engine, float[] x, int rows, Matrix w, float[] bias, float[] out, int group, int groups, int chunk) {

        int chunks() {
            return Math.ceilDiv(rows, chunk);
        }

        int tasks() {
            return groups * chunks();
        }

        long operations() {
            return 2L * rows * w.inputs() * w.outputs() / 16;
        }

        void run(int task) {
            int first = task % chunks() * chunk;
            int panel = task / chunks() * group;
            int panels =
                    Math.min(group, Math.ceilDiv(w.outputs(), engine.kernels().panel()) - panel);
            apply(engine, x, w, bias, panel, panels, first, Math.min(chunk, rows - first), out);
        }
    }

    private static void apply(
            Engine engine, float[] x, Matrix w, float[] bias, int panel, int panels, int first, int rows, float[] out) {
        Kernels kernels = engine.kernels();
        int width = kernels.panel();
        int column = panel * width;
        int columns = Math.min(panels * width, w.outputs() - column);
        engine.withScratch(scratch -> {
            float[] tile = scratch.floats(0, DEPTH * width);
            boolean whole = columns == panels * width;
            float[] c = whole ? out : scratch.floats(1, rows * panels * width);
            int stride = whole ? w.outputs() : panels * width;
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
                            x, xAt, w.inputs(), rows, packed, panel, panels, from, depth, tile, c, at, stride, add);
                } else {
                    float[] block = scratch.floats(2, DEPTH * width);
                    Packing.Stored lying = ((FileMatrix) w).rows();
                    Packing.turn(lying, column, columns, from, depth, block, tile, width, kernels);
                    kernels.product(x, xAt, w.inputs(), rows, tile, 0, width, width, depth, c, at, stride, add);
                }
            }
            for (int r = 0; r < rows && !whole; r++) {
                System.arraycopy(c, r * stride, out, (first + r) * w.outputs() + column, columns);
            }
        });
    }

    @Override
    public void convolve(Engine engine, Tensor x, Unfold unfold, float[] bias, Tensor out) {
        long operations = 2L * out.size() * unfold.convolution().depth() / 16;
        if (NarrowConvolution.fits(unfold, engine.kernels())) {
            NarrowConvolution narrow = NarrowConvolution.of(unfold);
            engine.forEach(
                    x.dim(0) * narrow.tasks(),
                    operations,
                    task -> engine.withScratch(scratch -> narrow.run(
                            engine.kernels(),
                            scratch,
                            x.data(),
                            task / narrow.tasks(),
                            task % narrow.tasks(),
                            bias,
                            out.data())));
            return;
        }
        int panel = engine.kernels().panel();
        int panels = (unfold.pixels() + panel - 1) / panel;
        engine.forEach(
                x.dim(0) * panels,
                operations,
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
