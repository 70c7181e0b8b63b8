package org.headwise.memory;

import org.headwise.tensor.DType;

/**
 * How the matrices of a transformer are held.
 *
 * @param type number format of packed matrices, or null for matrices that stay in their files
 * @param panel outputs in a panel of packed matrices; 0 where a library holds all matrices, as float32
 */
public record WeightHolding(DType type, int panel) {
    /** By a library beside the engine, which takes float32 and no weights in files. */
    public static WeightHolding byLibrary() {
        return new WeightHolding(DType.F32, 0);
    }

    /** Whether a library holds them. */
    public boolean library() {
        return panel == 0;
    }

    /** Whether they stay in their files. */
    public boolean inFiles() {
        return type == null;
    }
}
