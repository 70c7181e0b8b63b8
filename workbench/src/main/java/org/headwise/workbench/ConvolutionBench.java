package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headwise.tensor.Convolution;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Convolutions of 3 x 3 pixels as image decoders have them, and all of one decoder, beside the matrix product. */
final class ConvolutionBench {
    /**
     * @param inputs channels read
     * @param outputs channels written
     * @param side pixels of a side
     * @param times how often the decoder has it
     */
    private record Shape(int inputs, int outputs, int side, int times) {
        double work() {
            return 2e-9 * inputs * outputs * KERNEL * KERNEL * side * side;
        }

        String describe() {
            return "convolution " + inputs + " to " + outputs + ", " + side + " x " + side;
        }
    }

    private static final int KERNEL = 3;

    private static final List<Shape> SINGLE = List.of(
            new Shape(512, 512, 64, 1),
            new Shape(256, 256, 128, 1),
            new Shape(256, 128, 128, 1),
            new Shape(128, 128, 256, 1),
            new Shape(128, 3, 256, 1));

    /** The VQ-16 decoder of LlamaGen and Janus, drawing 256 x 256 pixels. */
    private static final List<Shape> DECODER = List.of(
            new Shape(256, 512, 16, 1),
            new Shape(512, 512, 16, 10),
            new Shape(512, 512, 32, 1),
            new Shape(512, 256, 32, 1),
            new Shape(256, 256, 32, 5),
            new Shape(256, 256, 64, 7),
            new Shape(256, 256, 128, 1),
            new Shape(256, 128, 128, 1),
            new Shape(128, 128, 128, 5),
            new Shape(128, 128, 256, 7),
            new Shape(128, 3, 256, 1));

    private ConvolutionBench() {}

    static List<BenchRow> run(Engine engine, Rounds rounds) {
        List<BenchRow> rows = new ArrayList<>();
        for (Shape shape : SINGLE) {
            rows.add(row(shape.describe(), List.of(shape), engine, rounds));
        }
        rows.add(row("all 3 x 3 convolutions of a VQ-16 decoder, 256 x 256", DECODER, engine, rounds));
        return rows;
    }

    private static BenchRow row(String name, List<Shape> shapes, Engine engine, Rounds rounds) {
        List<Runnable> convolutions =
                shapes.stream().map(shape -> convolution(shape, engine)).toList();
        double work = shapes.stream()
                .mapToDouble(shape -> shape.times() * shape.work())
                .sum();
        double[][] seconds = rounds.seconds(GemmBench.square(engine), () -> convolutions.forEach(Runnable::run));
        return BenchRow.rate(name, work, seconds[1], "GFLOP/s", "product 512", GemmBench.squareWork(), seconds[0]);
    }

    private static Runnable convolution(Shape shape, Engine engine) {
        Random random = new Random(1);
        float[] numbers = GemmBench.numbers(random, shape.outputs() * shape.inputs() * KERNEL * KERNEL);
        Convolution weight = engine.packConvolution(numbers, shape.outputs(), shape.inputs(), KERNEL, KERNEL);
        int side = shape.side();
        Tensor x = Tensor.of(GemmBench.numbers(random, shape.inputs() * side * side), 1, shape.inputs(), side, side);
        return () -> {
            for (int time = 0; time < shape.times(); time++) {
                engine.conv2d(x, weight, null, 1, 1, 1, 1, 1);
            }
        };
    }
}
