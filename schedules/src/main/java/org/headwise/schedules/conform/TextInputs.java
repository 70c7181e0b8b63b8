package org.headwise.schedules.conform;

import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.infinity.TextFeatures;
import org.headwise.tensor.Tensor;

/** T5 features as recorded cases hold them: compact rows and prefix sums. */
final class TextInputs {
    private TextInputs() {}

    /** The features of {@code prefix.kv_compact}, split by {@code prefix.cu_seqlens} or, without that, one text. */
    static TextFeatures read(RecordedCase recorded, String prefix) {
        return read(recorded, prefix + ".kv_compact", prefix + ".cu_seqlens");
    }

    static TextFeatures read(RecordedCase recorded, String features, String prefixSums) {
        StoredTensor rows = recorded.tensor(features);
        if (rows.shape().length != 2) {
            throw recorded.refuse(
                    "tensor " + features + " has " + rows.shape().length + " axes, expected [tokens, channels]");
        }
        Tensor values = rows.toTensor();
        int[] ends =
                recorded.hasTensor(prefixSums) ? recorded.tensor(prefixSums).toInts() : new int[] {0, values.dim(0)};
        for (int i = 0; i < ends.length; i++) {
            if (ends[i] < 0 || i > 0 && ends[i] <= ends[i - 1]) {
                throw recorded.refuse("tensor " + prefixSums + " does not ascend from 0");
            }
        }
        if (ends.length < 2 || ends[0] != 0 || ends[ends.length - 1] != values.dim(0)) {
            throw recorded.refuse(
                    "tensor " + prefixSums + " does not fit the " + values.dim(0) + " rows of " + features);
        }
        return new TextFeatures(values, ends);
    }
}
