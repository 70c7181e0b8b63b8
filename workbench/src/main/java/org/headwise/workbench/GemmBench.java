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
        {512, 512, 512}, {1024, 1024, 1024}, {64, 2048, 2048}, {128, 2048, 2048}, {256, 8192, 2048}, {1, 2048, 2048}
    };

    private static final int SIDE = 512;

    private GemmBench() {}

    /** GFLOP per second of every shape with both kinds of weights; ND4J's is NaN where its library does not load. */
    static List<BenchRow> run(Engine engine, Rounds rounds) {
        List<BenchRow> rows = new ArrayList<>();
        for (int[] shape : SHAPES) {
            Random random = new Random(1);
            Tensor x = Tensor.of(numbers(random, shape[0] * shape[2]), shape[0], shape[2]);
            float[] weight = numbers(random, shape[1] * shape[2]);
            Matrix single = engine.pack(weight, shape[1], shape[2], DType.F32);
            Matrix brain = engine.pack(weight, shape[1], shape[2], DType.BF16);
            Runnable theirs = nd4j(x.data(), weight, shape);
            double[][] seconds = rounds.seconds(
                    () -> engine.linear(x, single, null),
                    () -> engine.linear(x, brain, null),
                    theirs == null ? () -> {} : theirs);
            double work = 2e-9 * shape[0] * shape[1] * shape[2];
            String name = "product " + shape[0] + " x " + shape[1] + " x " + shape[2] + ", ";
            double[] other = theirs == null ? null : seconds[2];
            rows.add(BenchRow.rate(name + "F32", work, seconds[0], "GFLOP/s", "ND4J (BLAS)", work, other));
            rows.add(BenchRow.rate(name + "BF16", work, seconds[1], "GFLOP/s", "ND4J (BLAS)", work, other));
        }
        return rows;
    }

    private static Runnable nd4j(float[] x, float[] weight, int[] shape) {
        try {
            INDArray input = Nd4j.createFromArray(x).reshape(shape[0], shape[2]);
            INDArray transposed =
                    Nd4j.createFromArray(weight).reshape(shape[1], shape[2]).transpose();
            INDArray out = Nd4j.create(shape[0], shape[1]);
            return () -> input.mmuli(transposed, out);
        } catch (LinkageError absent) {
            return null;
        }
    }

    /** A square product that other kernels are compared with. */
    static Runnable square(Engine engine) {
        Random random = new Random(2);
        Tensor x = Tensor.of(numbers(random, SIDE * SIDE), SIDE, SIDE);
        Matrix weight = engine.pack(numbers(random, SIDE * SIDE), SIDE, SIDE, DType.F32);
        return () -> engine.linear(x, weight, null);
    }

    /** GFLOP of {@link #square}. */
    static double squareWork() {
        return 2e-9 * SIDE * SIDE * SIDE;
    }

    /** Numbers between -0.5 and 0.5. */
    static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }
}
