package org.headwise.schedules.conform;

import java.util.Arrays;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.Grid;
import org.headwise.model.image.TokenLayout;
import org.headwise.tensor.Tensor;

/** Bits as recorded cases hold them: per token, or per cell of the image tokenizer's grid. */
final class RecordedBits {
    private RecordedBits() {}

    /** Cells [batch, 1, height, width, bits] as planes [batch, bits, height, width]. */
    static Tensor planes(RecordedCase recorded, StoredTensor cells) {
        long[] shape = cells.shape();
        if (shape.length != 5 || shape[1] != 1) {
            throw recorded.refuse("tensor " + cells.name() + " has shape " + Arrays.toString(shape)
                    + ", expected [batch, 1, height, width, bits]");
        }
        Grid grid = new Grid((int) shape[2], (int) shape[3]);
        Tensor tokens = Tensor.of(cells.toFloats(), (int) shape[0], grid.tokens(), (int) shape[4]);
        return TokenLayout.toPlanes(tokens, grid);
    }

    /** The same as bits per token [batch, tokens, bits], four cells to a token under patchify. */
    static int[] tokens(RecordedCase recorded, StoredTensor cells, boolean patchify) {
        Tensor planes = planes(recorded, cells);
        float[] tokens = TokenLayout.toTokens(patchify ? TokenLayout.unshuffle(planes) : planes)
                .data();
        int[] bits = new int[tokens.length];
        Arrays.setAll(bits, i -> (int) tokens[i]);
        return bits;
    }

    /** Bits of one scale of tokens [batch, all tokens, bits]. */
    static int[] slice(int[] all, int batch, int firstToken, int tokens, int bits) {
        int[] out = new int[batch * tokens * bits];
        int total = all.length / batch;
        for (int b = 0; b < batch; b++) {
            System.arraycopy(all, b * total + firstToken * bits, out, b * tokens * bits, tokens * bits);
        }
        return out;
    }
}
