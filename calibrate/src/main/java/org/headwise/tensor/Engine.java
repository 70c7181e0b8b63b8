package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The operations of a forward pass on {@link Tensor}s, on kernels in plain loops or with the Vector API. Results do not
 * depend on the number of threads. Thread-safe.
 */
public final class Engine implements AutoCloseable {
    /** Below this many elementary operations waking a thread costs more than it brings. */
    private static final long INLINE = 200_000;

    private static final int RANGE = 16 * 1024;

    /** Numbers of a task of the exact GELU, which takes about 64 times as long as others. */
    private static final int SLOW_RANGE = 512;

    private final Kernels kernels;
    private final LinearWork linear;
    private final Workers workers;
    private final String note;
    private final ArrayDeque<Scratch> idle = new ArrayDeque<>();

    private Engine(Kernels kernels, LinearWork linear, int threads, String note) {
        this.kernels = kernels;
        this.linear = linear;
        this.workers = new Workers(threads);
        this.note = note;
    }

    /** The Vector API kernels, or the scalar ones, with the reason in {@link #describe}, where those cannot run at speed. */
    public static Engine vector(int threads) {
        return fastest(new PackedLinear(), threads, "");
    }

    /**
     * As {@link #vector}, but for the products of linear layers and convolutions, which {@code products} does.
     *
     * @param products belongs to the engine from now on
     */
    public static Engine with(Products products, int threads) {
        return fastest(new HeldLinear(products), threads, ", products by " + products.describe());
    }

    private static Engine fastest(LinearWork linear, int threads, String note) {
        return VectorSupport.missing()
                .map(reason -> new Engine(new ScalarKernels(), linear, threads, " (slow: " + reason + ")" + note))
                .orElseGet(() -> new Engine(new VectorKernels(), linear, threads, note));
    }

    /** The plain reference of every operation. */
    public static Engine scalar(int threads) {
        return new Engine(new ScalarKernels(), new PackedLinear(), threads, "");
    }

    /** For example "vector 512-bit, 2 threads". */
    public String describe() {
        return kernels.describe() + ", " + workers.threads() + (workers.threads() == 1 ? " thread" : " threads") + note;
    }

    public Workers workers() {
        return workers;
    }

    /** The arithmetic below these operations. */
    public Kernels kernels() {
        return kernels;
    }

    /** Runs {@code work} with scratch memory that belongs to it alone meanwhile. */
    public void withScratch(Consumer<Scratch> work) {
        Scratch scratch;
        synchronized (idle) {
            scratch = idle.poll();
        }
        if (scratch == null) {
            scratch = new Scratch();
        }
        try {
            work.accept(scratch);
        } finally {
            synchronized (idle) {
                idle.push(scratch);
            }
        }
    }

    /** Packs weight [outputs, inputs], row-major; {@code storage} is F32, BF16 or F16. */
    public Matrix pack(float[] weight, int outputs, int inputs, DType storage) {
        require(
                weight.length == (long) outputs * inputs,
                weight.length + " weights",
                "[outputs, inputs]",
                outputs,
                inputs);
        return pack(Packing.of(weight, inputs), true, outputs, inputs, storage);
    }

    /** Packs a little-endian F32, F16 or BF16 tensor [outputs, inputs] where it lies, without a copy on the heap. */
    public Matrix pack(MemorySegment weight, DType source, int outputs, int inputs, DType storage) {
        floating(source);
        require(
                weight.byteSize() == (long) outputs * inputs * source.bytes(),
                weight.byteSize() + " bytes of " + source,
                "[outputs, inputs]",
                outputs,
                inputs);
        boolean shared = weight.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {}));
        return pack(Packing.of(weight, source, inputs), shared, outputs, inputs, storage);
    }

    /** Whether {@link #leave} works: a library or device that holds the weights itself cannot read them in a file. */
    public boolean canLeave() {
        return linear instanceof PackedLinear;
    }

    /**
     * Takes a little-endian F32, F16 or BF16 tensor [outputs, inputs] as it lies: nothing is copied, every use reads it
     * again. For weights that are larger than memory, mapped from a file.
     *
     * @param weight must stay accessible to all threads as long as the matrix is used
     */
    public Matrix leave(MemorySegment weight, DType source, int outputs, int inputs) {
        floating(source);
        require(
                weight.byteSize() == (long) outputs * inputs * source.bytes(),
                weight.byteSize() + " bytes of " + source,
                "[outputs, inputs]",
                outputs,
                inputs);
        return linear.leave(Packing.of(weight, source, inputs), outputs, inputs);
    }

    private Matrix pack(Packing.Source source, boolean shared, int outputs, int inputs, DType storage) {
        floating(storage);
        return linear.pack(this, source, shared, outputs, inputs, storage);
    }

    private static void floating(DType type) {
        if (type != DType.F32 && type != DType.F16 && type != DType.BF16) {
            throw new IllegalArgumentException("weights are F32, F16 or BF16, got " + type);
        }
    }

    /** x [..., inputs] to [..., outputs]; {@code bias} [outputs] may be null. */
    public Tensor linear(Tensor x, Matrix w, float[] bias) {
        Tensor out = outputs(x, w, bias);
        linear.apply(this, x, w, bias, out);
        return out;
    }

    /** Several {@link #linear} of the same x without biases, with one wait for the threads at their end. */
    public Tensor[] linears(Tensor x, Matrix... weights) {
        Tensor[] out = new Tensor[weights.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = outputs(x, weights[i], null);
        }
        linear.applyAll(this, x, weights, out);
        return out;
    }

    private static Tensor outputs(Tensor x, Matrix w, float[] bias) {
        require(x.dim(-1) == w.inputs() && (bias == null || bias.length == w.outputs()), x, w, w.outputs(), w.inputs());
        int[] shape = x.shape();
        shape[shape.length - 1] = w.outputs();
        return Tensor.zeros(shape);
    }

    /** Layer norm over the last axis; {@code weight} and {@code bias} may be null. */
    public Tensor layerNorm(Tensor x, float[] weight, float[] bias, float eps) {
        int width = x.dim(-1);
        boolean plain = weight == null && bias == null;
        float[] scale = plain ? null : weight == null ? new float[width] : weight;
        float[] shift = plain ? null : bias == null ? new float[width] : bias;
        require(plain || scale.length == width && shift.length == width, x, "weight and bias", width);
        Tensor out = Tensor.zeros(x.shape());
        rows(
                x,
                width,
                row -> kernels.layerNorm(
                        x.data(), row, width, eps, weight == null ? 1 : 0, scale, 0, shift, 0, out.data(), row));
        return out;
    }

    /** Layer norm of x [rows, n, C] without weights, times (1 + scale), plus shift [rows, C]. */
    public Tensor modulatedLayerNorm(Tensor x, Tensor scale, Tensor shift, float eps) {
        int width = x.dim(-1);
        perRow(x, scale);
        perRow(x, shift);
        int each = x.dim(1) * width;
        Tensor out = Tensor.zeros(x.shape());
        rows(x, width, row -> {
            int at = row / each * width;
            kernels.layerNorm(x.data(), row, width, eps, 1, scale.data(), at, shift.data(), at, out.data(), row);
        });
        return out;
    }

    /** x * rsqrt(mean(x^2) + eps) * weight, over the last axis. */
    public Tensor rmsNorm(Tensor x, float[] weight, float eps) {
        int width = x.dim(-1);
        require(weight.length == width, x, "weight", weight.length);
        Tensor out = Tensor.zeros(x.shape());
        rows(x, width, row -> kernels.rmsNorm(x.data(), row, width, eps, weight, out.data(), row));
        return out;
    }

    /** GELU, tanh form, in place. */
    public void gelu(Tensor x) {
        ranges(x, (at, count) -> kernels.gelu(x.data(), at, count));
    }

    /** GELU, exact form with the error function, in place. */
    public void geluExact(Tensor x) {
        int tasks = Math.ceilDiv(x.size(), SLOW_RANGE);
        forEach(tasks, 64L * x.size(), task -> {
            int at = task * SLOW_RANGE;
            ExactGelu.apply(x.data(), at, Math.min(SLOW_RANGE, x.size() - at));
        });
    }

    /** SiLU, in place. */
    public void silu(Tensor x) {
        ranges(x, (at, count) -> kernels.silu(x.data(), at, count));
    }

    /** x *= y, number by number, of the same size. */
    public void multiply(Tensor x, Tensor y) {
        require(x.size() == y.size(), x, y);
        rows(x, x.dim(-1), row -> {
            for (int i = row; i < row + x.dim(-1); i++) {
                x.data()[i] *= y.data()[i];
            }
        });
    }

    /** x += y, of the same size. */
    public void add(Tensor x, Tensor y) {
        require(x.size() == y.size(), x, y);
        ranges(x, (at, count) -> kernels.add(x.data(), at, y.data(), at, count));
    }

    /** x [rows, n, C] += gamma [rows, C] * y [rows, n, C]. */
    public void addScaled(Tensor x, Tensor y, Tensor gamma) {
        int width = x.dim(-1);
        require(x.size() == y.size(), x, y);
        perRow(x, gamma);
        int each = x.dim(1) * width;
        rows(x, width, row -> kernels.addScaled(x.data(), row, y.data(), row, gamma.data(), row / each * width, width));
    }

    /** Group norm of x [B, C, H, W]; {@code weight} and {@code bias} are [C]. */
    public Tensor groupNorm(Tensor x, int groups, float[] weight, float[] bias, float eps) {
        int channels = x.dim(1);
        require(
                x.rank() == 4 && channels % groups == 0 && weight.length == channels && bias.length == channels,
                x,
                "groups, weight and bias",
                groups,
                weight.length,
                bias.length);
        int plane = x.dim(2) * x.dim(3);
        int each = channels / groups;
        Tensor out = Tensor.zeros(x.shape());
        forEach(x.dim(0) * groups, x.size(), group -> {
            int at = group * each * plane;
            Kernels.Moments moments = kernels.moments(x.data(), at, each * plane);
            double factor = 1 / Math.sqrt(moments.variance() + eps);
            for (int c = 0; c < each; c++) {
                int channel = group % groups * each + c;
                double scale = factor * weight[channel];
                kernels.affine(
                        x.data(),
                        at + c * plane,
                        plane,
                        (float) scale,
                        (float) (bias[channel] - moments.mean() * scale),
                        out.data(),
                        at + c * plane);
            }
        });
        return out;
    }

    /** Takes weight [outputs, inputs, kernelHeight, kernelWidth]; the array is used, not copied. */
    public Convolution packConvolution(float[] weight, int outputs, int inputs, int kernelHeight, int kernelWidth) {
        return new Convolution(linear, weight, outputs, inputs, kernelHeight, kernelWidth);
    }

    /** Convolution of x [B, C, H, W] with zero padding; {@code bias} [outputs] may be null. */
    public Tensor conv2d(
            Tensor x, Convolution w, float[] bias, int stride, int padTop, int padLeft, int padBottom, int padRight) {
        require(
                x.rank() == 4 && x.dim(1) == w.inputs() && (bias == null || bias.length == w.outputs()),
                x,
                "convolution",
                w.outputs(),
                w.inputs());
        int height = (x.dim(2) + padTop + padBottom - w.kernelHeight()) / stride + 1;
        int width = (x.dim(3) + padLeft + padRight - w.kernelWidth()) / stride + 1;
        Unfold unfold = new Unfold(w, x.dim(2), x.dim(3), stride, padTop, padLeft, height, width);
        Tensor out = Tensor.zeros(x.dim(0), w.outputs(), height, width);
        linear.convolve(this, x, unfold, bias, out);
        return out;
    }

    /** Repeats every pixel of the last two axes {@code factor} times in both. */
    public Tensor upsampleNearest(Tensor x, int factor) {
        return Resize.nearest(x, factor);
    }

    /** Resizes the last two axes with two taps each (align_corners=false, no antialias). */
    public Tensor resizeBilinear(Tensor x, int height, int width) {
        return Resize.bilinear(x, height, width);
    }

    /** Resizes the last two axes with four cubic taps each (a = -0.75, align_corners=false, no antialias). */
    public Tensor resizeBicubic(Tensor x, int height, int width) {
        return Resize.bicubic(x, height, width);
    }

    /** Resizes the last two axes by averaging the source pixels that a target pixel touches. */
    public Tensor resizeArea(Tensor x, int height, int width) {
        return Resize.area(x, height, width);
    }

    /** Ends the threads, and releases what a library or device holds. Packed matrices stay usable. */
    @Override
    public void close() {
        workers.close();
        linear.close();
    }

    private interface Range {
        void run(int at, int count);
    }

    private void ranges(Tensor x, Range kernel) {
        int tasks = (x.size() + RANGE - 1) / RANGE;
        forEach(tasks, x.size(), task -> kernel.run(task * RANGE, Math.min(RANGE, x.size() - task * RANGE)));
    }

    private void rows(Tensor x, int width, IntConsumer kernel) {
        int rows = x.size() / width;
        int chunk = Math.max(1, rows / (4 * workers.threads()));
        forEach((rows + chunk - 1) / chunk, x.size(), task -> {
            for (int row = task * chunk; row < Math.min(rows, (task + 1) * chunk); row++) {
                kernel.accept(row * width);
            }
        });
    }

    /**
     * Runs tasks on the workers, or one after another on the caller if all together are too little work.
     *
     * @param operations about how many numbers are read, or a sixteenth of the floating point operations
     */
    public void forEach(int tasks, long operations, IntConsumer body) {
        if (operations < INLINE) {
            for (int i = 0; i < tasks; i++) {
                body.accept(i);
            }
        } else {
            workers.forEach(tasks, body);
        }
    }

    private static void perRow(Tensor x, Tensor each) {
        require(x.rank() == 3 && each.size() == x.dim(0) * x.dim(2), x, each);
    }

    private static void require(boolean fits, Object what, Object with, int... sizes) {
        if (!fits) {
            throw new IllegalArgumentException(
                    what + " does not fit " + with + (sizes.length == 0 ? "" : " " + Arrays.toString(sizes)));
        }
    }
}
