package org.headwise.model;

import org.headwise.attention.AttentionObserver;
import org.headwise.attention.KvCache;

/** A visual autoregressive model, text encoder and image decoder included. It knows nothing of pruning methods. */
public interface ImageModel extends AutoCloseable {
    Geometry geometry();

    /** The sampling that the model's configuration recommends. */
    Sampling sampling();

    /** Tokens of a prompt in the KV cache; in next-scale models, whose text never enters it, there are none. */
    default int promptTokens(String prompt) {
        return 0;
    }

    /**
     * Generates a batch.
     *
     * @param cache begun by the model; released by it before images are decoded, after which its ledger stays readable
     * @param observer sees the self-attention of every layer, or null
     */
    Generation generate(Request request, KvCache cache, AttentionObserver observer);

    @Override
    void close();
}
