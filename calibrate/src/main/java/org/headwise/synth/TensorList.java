package org.headwise.synth;

import java.util.ArrayList;
import java.util.List;

/** Collects the tensors of a part of a model, layer by layer, with the names that its family gives them. */
final class TensorList {
    private final List<SyntheticTensor> tensors = new ArrayList<>();

    List<SyntheticTensor> all() {
        return List.copyOf(tensors);
    }

    TensorList add(SyntheticTensor tensor) {
        tensors.add(tensor);
        return this;
    }

    /** {@code name.weight} [outputs, inputs]. */
    TensorList matrix(String name, long outputs, long inputs) {
        return add(SyntheticTensor.weight(name + ".weight", outputs, inputs));
    }

    /** {@code name.weight} [outputs, inputs] and {@code name.bias}. */
    TensorList linear(String name, long outputs, long inputs) {
        return matrix(name, outputs, inputs).add(SyntheticTensor.zeros(name + ".bias", outputs));
    }

    /** {@code name.weight} [outputs, inputs, kernel, kernel] and {@code name.bias}. */
    TensorList convolution(String name, long outputs, long inputs, long kernel) {
        return add(SyntheticTensor.weight(name + ".weight", outputs, inputs, kernel, kernel))
                .add(SyntheticTensor.zeros(name + ".bias", outputs));
    }

    /** {@code name.weight} of ones and {@code name.bias}. */
    TensorList norm(String name, long width) {
        return scale(name, width).add(SyntheticTensor.zeros(name + ".bias", width));
    }

    /** {@code name.weight} of ones: a norm without bias. */
    TensorList scale(String name, long width) {
        return add(SyntheticTensor.ones(name + ".weight", width));
    }
}
