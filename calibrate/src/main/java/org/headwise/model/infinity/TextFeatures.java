package org.headwise.model.infinity;

import java.util.Arrays;
import java.util.List;
import org.headwise.tensor.Tensor;

/**
 * T5 features of several texts without padding.
 *
 * @param features [sum of lengths, channels]
 * @param ends prefix sums: text b is rows ends[b] to ends[b + 1]
 */
public record TextFeatures(Tensor features, int[] ends) {
    public TextFeatures {
        if (ends.length < 2 || ends[0] != 0 || ends[ends.length - 1] != features.dim(0)) {
            throw new IllegalArgumentException(
                    "prefix sums " + Arrays.toString(ends) + " do not fit " + features.dim(0) + " tokens");
        }
    }

    /** Joins texts of [length, channels] each. */
    public static TextFeatures join(List<Tensor> texts) {
        int[] ends = new int[texts.size() + 1];
        for (int b = 0; b < texts.size(); b++) {
            ends[b + 1] = ends[b] + texts.get(b).dim(0);
        }
        int channels = texts.getFirst().dim(1);
        float[] all = new float[Math.multiplyExact(ends[texts.size()], channels)];
        for (int b = 0; b < texts.size(); b++) {
            System.arraycopy(
                    texts.get(b).data(),
                    0,
                    all,
                    ends[b] * channels,
                    texts.get(b).size());
        }
        return new TextFeatures(Tensor.of(all, ends[texts.size()], channels), ends);
    }

    /** Number of texts. */
    public int texts() {
        return ends.length - 1;
    }

    public int length(int text) {
        return ends[text + 1] - ends[text];
    }

    /** These texts followed by those. */
    public TextFeatures then(TextFeatures more) {
        int[] all = Arrays.copyOf(ends, ends.length + more.texts());
        for (int b = 1; b <= more.texts(); b++) {
            all[ends.length - 1 + b] = features.dim(0) + more.ends[b];
        }
        float[] data = Arrays.copyOf(features.data(), features.size() + more.features.size());
        System.arraycopy(more.features.data(), 0, data, features.size(), more.features.size());
        return new TextFeatures(Tensor.of(data, features.dim(0) + more.features.dim(0), features.dim(1)), all);
    }
}
