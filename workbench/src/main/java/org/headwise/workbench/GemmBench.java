package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;
import org.headwise.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products beside the BLAS that ND4J brings. */
final class GemmBench {
    /** Rows, outputs, inputs: squares, the forward passes of small and large scales, and a single token. */
    private static final int[][] SHAPES = {
        {512, 512, 512}, {1024, 1024, 1024}, {64, 2048, 2048}, {256, 8192, 2048}, {1, 2048, 2048}
    };

    private GemmBench() {}

    /** GFLOP per second of every shape; ND4J's is NaN where its native library does not load. */
    static List<BenchRow> run(Engine engine, int rounds) {
        List<BenchRow> rows = new ArrayList<>();
        for (int[] shape : SHAPES) {
            Random random = new Random(1);
            float[] x = numbers(random, shape[0] * shape[2]);
            float[] weight = numbers(random, shape[1] * shape[2]);
            double work = 2.0 * shape[0] * shape[1] * shape[2] / 1e9;
            double ours = work / headwise(engine, x, weight, shape, rounds);
            double theirs = work / nd4j(x, weight, shape, rounds);
            String name = "product " + shape[0] + " x " + shape[1] + " x " + shape[2];
            rows.add(new BenchRow(name, ours, "GFLOP/s", "ND4J (BLAS)", theirs, ours / theirs));
        }
        return rows;
    }

    private static double headwise(Engine engine, float[] x, float[] weight, int[] shape, int rounds) {
        Matrix packed = engine.pack(weight, shape[1], shape[2], DType.F32);
        Tensor input = Tensor.of(x, shape[0], shape[2]);
        return Stopwatch.median(rounds, () -> engine.linear(input, packed, null));
    }

    private static double nd4j(float[] x, float[] weight, int[] shape, int rounds) {
        try {
            INDArray input = Nd4j.createFromArray(x).reshape(shape[0], shape[2]);
            INDArray transposed =
                    Nd4j.createFromArray(weight).reshape(shape[1], shape[2]).transpose();
            INDArray out = Nd4j.create(shape[0], shape[1]);
            return Stopwatch.median(rounds, () -> input.mmuli(transposed, out));
        } catch (LinkageError absent) {
            return Double.NaN;
        }
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }
}
