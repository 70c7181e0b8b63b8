package org.headwise.model;

import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;
import org.headwise.tensor.Tensor;

/**
 * A linear layer.
 *
 * @param bias one number per output, or null
 */
public record Affine(Matrix weight, float[] bias) {
    /** x [..., inputs] to [..., outputs]. */
    public Tensor apply(Engine engine, Tensor x) {
        return engine.linear(x, weight, bias);
    }
}
