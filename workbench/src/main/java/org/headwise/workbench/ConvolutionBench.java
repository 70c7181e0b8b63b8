package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headwise.tensor.Convolution;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Convolutions of 3 x 3 pixels as image decoders have them, beside the matrix product. */
final class ConvolutionBench {
    /** Channels read, channels written, pixels of a side. */
    private static final int[][] SHAPES = {
        {512, 512, 64}, {256, 256, 128}, {256, 128, 128}, {128, 128, 256}, {128, 3, 256}
    };

    private static final int KERNEL = 3;

    private ConvolutionBench() {}

    static List<BenchRow> run(Engine engine, Rounds rounds) {
        List<BenchRow> rows = new ArrayList<>();
        Runnable product = GemmBench.square(engine);
        for (int[] shape : SHAPES) {
            Random random = new Random(1);
            int side = shape[2];
            Convolution weight = engine.packConvolution(
                    GemmBench.numbers(random, shape[1] * shape[0] * KERNEL * KERNEL),
                    shape[1],
                    shape[0],
                    KERNEL,
                    KERNEL);
            Tensor x = Tensor.of(GemmBench.numbers(random, shape[0] * side * side), 1, shape[0], side, side);
            double[][] seconds = rounds.seconds(product, () -> engine.conv2d(x, weight, null, 1, 1, 1, 1, 1));
            double work = 2e-9 * shape[0] * shape[1] * KERNEL * KERNEL * side * side;
            String name = "convolution " + shape[0] + " to " + shape[1] + ", " + side + " x " + side;
            rows.add(BenchRow.rate(
                    name, work, seconds[1], "GFLOP/s", "product 512", GemmBench.squareWork(), seconds[0]));
        }
        return rows;
    }
}
