package org.headwise.model.infinity;

import org.headwise.attention.Queries;
import org.headwise.model.infinity.InfinityWeights.Block;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * The self-attention queries of one block.
 *
 * @param in what the block's projections were applied to, [rows, tokens, width]
 * @param attending normalised, scaled and rotated, [rows, tokens, heads, headDim]
 */
record BlockQueries(Engine engine, Block block, Tensor in, Tensor attending) implements Queries {
    @Override
    public float scale() {
        return 1;
    }

    @Override
    public Tensor projected(int[] tokens) {
        int rows = in.dim(0);
        int width = in.dim(2);
        Tensor some = Tensor.zeros(rows, tokens.length, width);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < tokens.length; i++) {
                int from = (row * in.dim(1) + tokens[i]) * width;
                System.arraycopy(in.data(), from, some.data(), (row * tokens.length + i) * width, width);
            }
        }
        return engine.linear(some, block.query().weight(), null)
                .reshape(rows, tokens.length, attending.dim(2), attending.dim(3));
    }
}
