package org.headwise.analysis;

import java.util.List;
import java.util.Locale;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.KeyRun;
import org.headwise.files.InputRefused;

/** Says what is wrong with a block whose probabilities do not add up to one. */
final class UnusableAttention {
    private UnusableAttention() {}

    static InputRefused of(AttentionBlock block) {
        for (int q = 0; q < block.queries(); q++) {
            double sum = 0;
            double least = 0;
            for (int k = 0; k < block.keys(); k++) {
                float p = block.probabilities()[q * block.stride() + k];
                sum += p;
                least = Math.min(least, p);
            }
            if (!(Math.abs(sum - 1) <= 1e-3) || least < 0) {
                return new InputRefused(String.format(
                        Locale.ROOT,
                        "attention of layer %d, head %d at step %d (image %d of the batch, query %d): probabilities add"
                                + " up to %s with least %s, expected 1 and none below 0; the checkpoint or its settings"
                                + " give no usable attention",
                        block.layer(),
                        block.head(),
                        block.step(),
                        block.image(),
                        block.firstQuery() + q,
                        sum,
                        least));
            }
        }
        int run = block.runs().stream().mapToInt(KeyRun::count).sum();
        List<KeyRun> runs = block.runs();
        throw new IllegalStateException("runs " + runs + " hold " + run + " keys, the block " + block.keys());
    }
}
