package org.headwise.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.headwise.tensor.Products;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Matrix products by ND4J: OpenBLAS on a processor, cuBLAS where ND4J's CUDA backend is the one on the class path.
 * Weights stay where ND4J put them, on the device with CUDA; what is multiplied with them travels. Always float32, for
 * ND4J multiplies 16-bit numbers on a processor about a hundred times slower.
 */
public final class Nd4jProducts implements Products {
    private record Weight(INDArray array) implements Held {}

    private final List<Weight> held = new ArrayList<>();

    /** Loads ND4J and its native library; fails with a {@link LinkageError} or a {@link RuntimeException} without them. */
    public Nd4jProducts() {
        Nd4j.getBackend();
    }

    @Override
    public String describe() {
        String backend = Nd4j.getBackend().getClass().getSimpleName();
        return "ND4J (" + (backend.startsWith("JCublas") ? "CUDA" : "CPU") + ")";
    }

    @Override
    public synchronized Held hold(float[] weight, int rows, int columns) {
        Weight taken = new Weight(matrix(weight, rows, columns));
        held.add(taken);
        return taken;
    }

    @Override
    public synchronized void linear(float[] x, int rows, Held weight, float[] out) {
        INDArray w = ((Weight) weight).array();
        multiply(matrix(x, rows, w.columns()), w, true, rows, w.rows(), out);
    }

    @Override
    public synchronized void times(Held weight, float[] x, int columns, float[] out) {
        INDArray w = ((Weight) weight).array();
        multiply(w, matrix(x, w.columns(), columns), false, w.rows(), columns, out);
    }

    private static void multiply(INDArray a, INDArray b, boolean transposeB, int rows, int columns, float[] out) {
        INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, columns}, 'f');
        Nd4j.gemm(a, b, product, false, transposeB, 1, 0);
        INDArray inOrder = product.dup('c');
        System.arraycopy(inOrder.data().asFloat(), 0, out, 0, rows * columns);
        inOrder.close();
        product.close();
    }

    private static INDArray matrix(float[] numbers, int rows, int columns) {
        float[] exact = numbers.length == rows * columns ? numbers : java.util.Arrays.copyOf(numbers, rows * columns);
        return Nd4j.create(exact, new long[] {rows, columns}, 'c');
    }

    @Override
    public synchronized void close() {
        held.forEach(weight -> weight.array().close());
        held.clear();
    }
}
