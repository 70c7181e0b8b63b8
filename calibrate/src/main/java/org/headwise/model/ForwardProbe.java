package org.headwise.model;

import org.headwise.tensor.Tensor;

/** Sees intermediate tensors of a forward pass by name, for conformance checks; slow, so absent in normal runs. */
@FunctionalInterface
public interface ForwardProbe {
    /** Names such as {@code scale0.block1.attn}; the tensor must be copied if it is kept. */
    void see(String name, Tensor value);
}
