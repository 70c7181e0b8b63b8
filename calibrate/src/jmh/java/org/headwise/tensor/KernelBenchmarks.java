package org.headwise.tensor;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Products, convolutions and softmax on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KernelBenchmarks {
    private static final int WIDTH = 2048;
    private static final int CHANNELS = 256;
    private static final int SIDE = 64;
    private static final int KEYS = 4096;

    @Param({"1", "64", "256"})
    private int rows;

    @Param({"F32", "BF16"})
    private DType storage;

    private Engine engine;
    private Tensor x;
    private Matrix weight;
    private Tensor image;
    private Convolution kernel;
    private float[] scores;

    @Setup(Level.Trial)
    public void prepare() {
        engine = Engine.vector(1);
        Random random = new Random(1);
        x = Tensor.of(numbers(random, rows * WIDTH), rows, WIDTH);
        weight = engine.pack(numbers(random, WIDTH * WIDTH), WIDTH, WIDTH, storage);
        image = Tensor.of(numbers(random, CHANNELS * SIDE * SIDE), 1, CHANNELS, SIDE, SIDE);
        kernel = engine.packConvolution(numbers(random, CHANNELS * CHANNELS * 9), CHANNELS, CHANNELS, 3, 3);
        scores = numbers(random, KEYS);
    }

    @TearDown(Level.Trial)
    public void finish() {
        engine.close();
    }

    @Benchmark
    public Tensor product() {
        return engine.linear(x, weight, null);
    }

    @Benchmark
    public Tensor convolution() {
        return engine.conv2d(image, kernel, null, 1, 1, 1, 1, 1);
    }

    @Benchmark
    public double softmax() {
        return engine.kernels().softmax(scores, 0, KEYS);
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }
}
