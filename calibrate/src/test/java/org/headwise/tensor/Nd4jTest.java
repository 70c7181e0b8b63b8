package org.headwise.tensor;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.transforms.custom.LayerNorm;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;

/** Against a library that somebody else wrote. */
class Nd4jTest {
    private static final int ROWS = 37;
    private static final int INPUTS = 150;
    private static final int OUTPUTS = 83;

    private static INDArray array(float[] data, int... shape) {
        return Nd4j.createFromArray(data)
                .reshape('c', java.util.Arrays.stream(shape).asLongStream().toArray());
    }

    private static float[] numbers(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    @Test
    void products() {
        Cases cases = Cases.fresh();
        Tensor x = cases.tensor(ROWS, INPUTS);
        float[] weight = cases.floats(OUTPUTS * INPUTS);
        float[] expected = numbers(array(x.data(), ROWS, INPUTS)
                .mmul(array(weight, OUTPUTS, INPUTS).transpose()));
        for (Engine engine : Cases.engines()) {
            try (engine) {
                Tensor out = engine.linear(x, engine.pack(weight, OUTPUTS, INPUTS, DType.F32), null);
                cases.close(engine.describe(), expected, out.data(), 1e-4, 1e-5);
            }
        }
    }

    @Test
    void softmax() {
        Cases cases = Cases.fresh();
        float[] x = cases.floats(ROWS * INPUTS);
        INDArray out = Nd4j.create(ROWS, INPUTS);
        Nd4j.exec(new SoftMax(array(x, ROWS, INPUTS), out));
        for (Engine engine : Cases.engines()) {
            try (engine) {
                float[] row = x.clone();
                for (int r = 0; r < ROWS; r++) {
                    engine.kernels().softmax(row, r * INPUTS, INPUTS);
                }
                cases.close(engine.describe(), numbers(out), row, 1e-8, 3e-6);
            }
        }
    }

    @Test
    void layerNorm() {
        Cases cases = Cases.fresh();
        Tensor x = cases.tensor(ROWS, INPUTS);
        float[] weight = cases.floats(INPUTS);
        float[] bias = cases.floats(INPUTS);
        INDArray out = Nd4j.create(ROWS, INPUTS);
        Nd4j.exec(
                new LayerNorm(array(x.data(), ROWS, INPUTS), array(weight, INPUTS), array(bias, INPUTS), out, true, 1));
        for (Engine engine : Cases.engines()) {
            try (engine) {
                // ND4J adds no eps.
                cases.close(
                        engine.describe(),
                        numbers(out),
                        engine.layerNorm(x, weight, bias, 0).data(),
                        2e-5,
                        2e-5);
            }
        }
    }

    @Test
    void convolution() {
        Cases cases = Cases.fresh();
        int inputs = 5;
        int outputs = 7;
        int side = 19;
        Tensor x = cases.tensor(2, inputs, side, side);
        float[] weight = cases.floats(outputs * inputs * 9);
        float[] bias = cases.floats(outputs);
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(3)
                .kW(3)
                .sH(1)
                .sW(1)
                .pH(1)
                .pW(1)
                .paddingMode(PaddingMode.VALID)
                .build();
        // ND4J wants the kernels as [height, width, inputs, outputs].
        INDArray kernels =
                array(weight, outputs, inputs, 3, 3).permute(2, 3, 1, 0).dup('c');
        INDArray[] out =
                Nd4j.exec(new Conv2D(array(x.data(), 2, inputs, side, side), kernels, array(bias, outputs), config));
        for (Engine engine : Cases.engines()) {
            try (engine) {
                Convolution packed = engine.packConvolution(weight, outputs, inputs, 3, 3);
                Tensor actual = engine.conv2d(x, packed, bias, 1, 1, 1, 1, 1);
                cases.close(engine.describe(), numbers(out[0]), actual.data(), 5e-5, 1e-5);
            }
        }
    }
}
