package org.headwise.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.headwise.tensor.Cases;
import org.headwise.tensor.Convolution;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** An engine whose products ND4J does, against the plain loops. */
class Nd4jProductsTest {
    private final Engine plain = Engine.scalar(1);
    private final Engine nd4j = Engine.with(new Nd4jProducts(), 2);

    @Test
    void saysWhoMultiplies() {
        assertTrue(nd4j.describe().endsWith("products by ND4J (CPU)"), nd4j.describe());
    }

    @Test
    void linearLayersOfOddSizes() {
        Cases cases = Cases.fresh();
        for (DType storage : List.of(DType.F32, DType.BF16, DType.F16)) {
            for (int round = 0; round < 8; round++) {
                int inputs = cases.upTo(90);
                int outputs = cases.upTo(150);
                Tensor x = cases.tensor(cases.upTo(3), cases.upTo(40), inputs);
                float[] weight = cases.floats(outputs * inputs);
                float[] bias = round % 2 == 0 ? cases.floats(outputs) : null;
                List<Tensor> results = new ArrayList<>();
                for (Engine engine : List.of(plain, nd4j)) {
                    Matrix matrix = engine.pack(weight, outputs, inputs, storage);
                    assertEquals(storage, matrix.storage());
                    results.add(engine.linear(x, matrix, bias));
                }
                String what = storage + " " + x + " by " + outputs;
                cases.close(what, results.getFirst().data(), results.getLast().data(), 1e-4, 1e-5);
            }
        }
    }

    @Test
    void convolutions() {
        Cases cases = Cases.fresh();
        for (int round = 0; round < 8; round++) {
            int inputs = cases.upTo(5);
            int outputs = cases.upTo(9);
            int stride = cases.upTo(2);
            Tensor x = cases.tensor(cases.upTo(2), inputs, 2 + cases.upTo(20), 2 + cases.upTo(20));
            float[] weight = cases.floats(outputs * inputs * 9);
            float[] bias = cases.floats(outputs);
            List<Tensor> results = new ArrayList<>();
            for (Engine engine : List.of(plain, nd4j)) {
                Convolution packed = engine.packConvolution(weight, outputs, inputs, 3, 3);
                results.add(engine.conv2d(x, packed, bias, stride, 1, 0, 1, 1));
            }
            cases.close(
                    "convolution of " + x,
                    results.getFirst().data(),
                    results.getLast().data(),
                    1e-4,
                    1e-5);
        }
    }

    @Test
    void weightsOfAnotherEngineAreRefused() {
        Matrix packed = plain.pack(new float[6], 2, 3, DType.F32);
        Matrix held = nd4j.pack(new float[6], 2, 3, DType.F32);
        Tensor x = Tensor.zeros(1, 3);
        assertThrows(IllegalArgumentException.class, () -> nd4j.linear(x, packed, null));
        assertThrows(IllegalArgumentException.class, () -> plain.linear(x, held, null));
    }
}
