package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;
import org.headwise.tensor.PackedMatrix;
import org.headwise.tensor.Tensor;
import org.headwise.tensor.WeightReading;

/** Products of few rows, as raster models make for every token, beside only reading the same weights. */
final class MatvecBench {
    private static final int INPUTS = 4096;
    private static final int[] ROWS = {1, 2, 4};

    private MatvecBench() {}

    /** GB of weights per second; weights take 128 MiB. */
    static List<BenchRow> run(Engine engine, Rounds rounds) {
        List<BenchRow> rows = new ArrayList<>();
        for (DType storage : List.of(DType.F32, DType.BF16)) {
            int outputs = (1 << 27) / storage.bytes() / INPUTS;
            float[] numbers = GemmBench.numbers(new Random(1), outputs * INPUTS);
            Matrix weight = engine.pack(numbers, outputs, INPUTS, storage);
            Runnable[] work = new Runnable[ROWS.length + 1];
            boolean readable = weight instanceof PackedMatrix;
            work[0] = weight instanceof PackedMatrix packed ? () -> WeightReading.of(engine, packed) : () -> {};
            for (int i = 0; i < ROWS.length; i++) {
                Tensor x = Tensor.of(GemmBench.numbers(new Random(2), ROWS[i] * INPUTS), ROWS[i], INPUTS);
                work[i + 1] = () -> engine.linear(x, weight, null);
            }
            double[][] seconds = rounds.seconds(work);
            double bytes = 1e-9 * weight.bytes();
            for (int i = 0; i < ROWS.length; i++) {
                String name = "product " + ROWS[i] + " x " + outputs + " x " + INPUTS + ", " + storage;
                double[] reading = readable ? seconds[0] : null;
                rows.add(BenchRow.rate(name, bytes, seconds[i + 1], "GB/s", "reading weights", bytes, reading));
            }
        }
        return rows;
    }
}
